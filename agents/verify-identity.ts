import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import * as identity from '../contracts/tools/identity.ts';
import { defineAgent } from './define-agent.ts';
import { isFresh } from './freshness.ts';
import { rehearseDocument } from './rehearse/document.ts';

/** Reads an applicant's document and has the registry confirm it. */
export const verifyIdentity = defineAgent({
  name: 'verifyIdentity',
  purpose: 'Confirm that the applicant is who the document says.',
  tier: 'fast',
  stakes: 'high',
  input: z.strictObject({ customerId: z.string().min(1).max(64), documentText: z.string().min(1).max(20_000) }),
  shows: ['documentText'],
  tool: identity.verifyIdentity,
  bound: {
    customerId: (input) => input.customerId,
    notBefore: (_, facts) => facts.startedAt,
  },
  forbids: (call) => {
    if (Date.parse(call.birthDate) > Date.parse(call.notBefore)) return 'the birth date lies in the future';
  },
  distrusts: (answer, call, heard) => {
    const asked = { subject: call.customerId, notBefore: call.notBefore };
    const got = { subject: answer.subjectId, checkedAt: answer.checkedAt };
    if (!isFresh(answer.checkedAt, { ...heard, startedAt: call.notBefore }))
      return fail('StaleData', 'Identity verification returned cached data; timestamp mismatch detected.', {
        asked,
        got,
      });
    if (answer.subjectId !== call.customerId)
      return fail('WrongSubject', 'Identity verification answered about another customer.', { asked, got });
  },
  rehearse: ({ documentText }) => rehearseDocument(documentText),
  bounds: { iterations: 3, maxInputBytes: 66_000, maxOutputTokens: 400, timeout: '20s', patience: '30s' },
});
