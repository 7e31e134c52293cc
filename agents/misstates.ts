import type { DocumentState } from '../contracts/documents.ts';

const SAYS: Readonly<Record<DocumentState, RegExp>> = {
  approved: /\bapproved\b/i,
  declined: /\bdeclined\b/i,
  void: /\bvoid(ed)?\b/i,
  invalid: /\b(invalid|not valid)\b/i,
  'changes-requested': /\bchanges?\b/i,
};
/** Outcomes that nobody may be told of while they are not true. */
const FINAL = ['approved', 'declined', 'void'] as const;

/** Why a message must not go out: it does not say what became of the document, or says something else. */
export function misstates(message: string, docId: string, state: DocumentState): string | undefined {
  if (!message.includes(docId)) return 'the message does not name the document';
  if (!SAYS[state].test(message)) return `the message does not say that the document is ${state}`;
  const other = FINAL.find((name) => name !== state && SAYS[name].test(message));
  return other && `the message says ${other}, and the document is ${state}`;
}
