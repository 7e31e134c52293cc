import { z } from 'zod';
import { ESCALATION_QUEUES } from '../failures.ts';
import { defineTool } from '../tool.ts';

/** Opens a ticket for the people who must know that a case failed. */
export const openEscalation = defineTool({
  name: 'escalations.open',
  purpose: 'Open an escalation for people to look at.',
  kind: 'effect',
  input: z.strictObject({
    caseId: z.string().min(1).max(200),
    failureType: z.string().min(1).max(60),
    step: z.string().min(1).max(60),
    allowedQueues: z.array(z.enum(ESCALATION_QUEUES)).min(1),
    queue: z.enum(ESCALATION_QUEUES).describe('one of the allowed queues'),
    severity: z.enum(['low', 'normal', 'high']),
    summary: z.string().min(1).max(500),
  }),
  output: z.strictObject({ escalationId: z.string().min(1).max(64), queue: z.enum(ESCALATION_QUEUES) }),
  guarded: ['caseId', 'failureType', 'step', 'allowedQueues'],
  personal: ['summary'],
  maxAnswerBytes: 16_000,
});
