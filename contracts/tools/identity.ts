import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Checks an identity document against the registry of record. */
export const verifyIdentity = defineTool({
  name: 'identity.verify',
  purpose: 'Check an identity document against the registry.',
  kind: 'read',
  input: z.strictObject({
    customerId: z.string().min(1).max(64),
    notBefore: z.iso.datetime().describe('a check older than this is stale'),
    document: z.enum(['passport', 'identity-card', 'driving-licence']),
    number: z.string().min(4).max(40),
    name: z.string().min(1).max(200),
    birthDate: z.iso.date(),
  }),
  output: z.strictObject({
    checkId: z.string().min(1).max(64),
    subjectId: z.string().min(1).max(64),
    checkedAt: z.iso.datetime(),
    origin: z.enum(['live', 'cache']),
    match: z.enum(['match', 'mismatch', 'possible-watch-list']),
    validUntil: z.iso.date().describe('last day on which the document is valid'),
    ageYears: z.int().min(0).max(150).describe('of the subject, on the day of the check'),
  }),
  guarded: ['customerId'],
  personal: ['number', 'name', 'birthDate'],
  maxAnswerBytes: 64_000,
});
