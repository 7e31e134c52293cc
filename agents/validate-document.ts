import { z } from 'zod';
import { DocId, documentOf, HOUSE_SCHEMAS, versionOf } from '../contracts/documents.ts';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import * as approvals from '../contracts/tools/approvals.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseSchema } from './rehearse/document-schema.ts';

/** Chooses the schema that a document is held against. Which ones there are, the policy says. */
export const validateDocument = defineAgent({
  name: 'validateDocument',
  purpose: 'Hold the document against the schema of its kind.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    docId: DocId,
    note: textWithin(EXCERPT_BYTES),
    schemas: z.array(z.enum(HOUSE_SCHEMAS)).min(1).max(HOUSE_SCHEMAS.length),
  }),
  shows: ['docId', 'note', 'schemas'],
  tool: approvals.validateDocument,
  bound: { doc_id: (input) => input.docId },
  forbids: ({ schema }, { schemas }) => {
    if (!schemas.some((name) => name === schema)) return 'the schema is none of those that the policy names';
  },
  distrusts: (answer, call) => {
    const wanted = versionOf(call.doc_id);
    const same = documentOf(answer.doc_id) === documentOf(call.doc_id) && (!wanted || answer.doc_id === call.doc_id);
    if (same && answer.schema === call.schema) return;
    const details = {
      asked: { doc_id: call.doc_id, schema: call.schema },
      got: { doc_id: answer.doc_id, schema: answer.schema },
    };
    return fail('WrongSubject', 'Another document was held against a schema than the one asked about.', details);
  },
  rehearse: rehearseSchema,
  bounds: { iterations: 3, maxInputBytes: 10_000, maxOutputTokens: 300, timeout: '20s', patience: '40s' },
});
