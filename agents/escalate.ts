import { z } from 'zod';
import { ESCALATION_QUEUES, fail } from '../contracts/failures.ts';
import { textWithin } from '../contracts/text.ts';
import { openEscalation } from '../contracts/tools/escalations.ts';
import { defineAgent } from './define-agent.ts';
import { namesSomebody } from './names-somebody.ts';
import { rehearseEscalation } from './rehearse/escalation.ts';

/**
 * Tells people that a case failed. It sees the failure's type and step and what was left behind, never the data that
 * failed, and it finishes without a model too.
 */
export const escalate = defineAgent({
  name: 'escalate',
  purpose: 'Tell the right people that a case failed.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    caseId: z.string().min(1).max(200),
    failureType: z.string().min(1).max(60),
    step: z.string().min(1).max(60),
    allowedQueues: z.array(z.enum(ESCALATION_QUEUES)).min(1).max(ESCALATION_QUEUES.length),
    leftBehind: z.array(textWithin(200)).max(20),
  }),
  shows: ['failureType', 'step', 'allowedQueues', 'leftBehind'],
  tool: openEscalation,
  bound: {
    caseId: (input) => input.caseId,
    failureType: (input) => input.failureType,
    step: (input) => input.step,
    allowedQueues: (input) => input.allowedQueues,
  },
  forbids: ({ allowedQueues, queue, summary }) =>
    allowedQueues.includes(queue) ? namesSomebody(summary) : `the queue ${queue} is none of the allowed ones`,
  distrusts: (answer, call) => {
    if (call.allowedQueues.includes(answer.queue)) return;
    const details = { asked: { allowedQueues: call.allowedQueues }, got: { queue: answer.queue } };
    return fail('WrongSubject', 'The escalation went to a queue that was not allowed.', details);
  },
  fallback: (input) => rehearseEscalation(input).arguments,
  rehearse: rehearseEscalation,
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 300, timeout: '20s', patience: '60s' },
});
