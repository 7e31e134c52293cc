import { z } from 'zod';
import { DOCUMENT_KINDS, DOCUMENT_STATES, VersionId } from '../contracts/documents.ts';
import { fail } from '../contracts/failures.ts';
import * as approvals from '../contracts/tools/approvals.ts';
import { defineAgent } from './define-agent.ts';
import { misstates } from './misstates.ts';
import { namesSomebody } from './names-somebody.ts';
import { rehearseStateNote } from './rehearse/state-note.ts';

/** Tells everybody who has to do with a document what became of it. It never sees the document, nor anybody's reasons. */
export const notifyStakeholders = defineAgent({
  name: 'notifyStakeholders',
  purpose: 'Tell the stakeholders what became of the document.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    docId: VersionId,
    state: z.enum(DOCUMENT_STATES),
    kind: z.enum(['document', ...DOCUMENT_KINDS]),
    approvals: z.int().min(0).max(28),
  }),
  shows: ['docId', 'state', 'kind', 'approvals'],
  tool: approvals.notifyStakeholders,
  bound: { doc_id: (input) => input.docId },
  forbids: ({ message }, { docId, state }) =>
    misstates(message, docId, state) ?? namesSomebody(withoutId(message, docId)),
  distrusts: (answer, call) => {
    if (answer.doc_id === call.doc_id) return;
    const details = { asked: { doc_id: call.doc_id }, got: { doc_id: answer.doc_id } };
    return fail('WrongSubject', 'People were told about another document than the one asked about.', details);
  },
  rehearse: rehearseStateNote,
  bounds: { iterations: 3, maxInputBytes: 5_000, maxOutputTokens: 300, timeout: '20s', patience: '40s' },
});

/** A document's id has the sign of an address in it. */
const withoutId = (message: string, docId: string): string => message.replaceAll(docId, '');
