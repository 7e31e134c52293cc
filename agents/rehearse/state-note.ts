import type { DocumentState } from '../../contracts/documents.ts';

interface StateInput {
  readonly docId: string;
  readonly state: DocumentState;
  readonly kind: string;
  readonly approvals: number;
}

const ENDS: Readonly<Record<DocumentState, string>> = {
  approved: 'is approved, and its certificate is issued',
  declined: 'is declined; the reason is in its case',
  void: 'is void: its approval was taken back or ran out of time',
  invalid: 'is invalid; what has to be put right is in its case',
  'changes-requested': 'needs changes before it can go on; send a new version into its case',
};

/** One sentence about the state, and one about the approvals where there are any. */
export function rehearseStateNote({ docId, state, kind, approvals }: StateInput) {
  const count = approvals === 1 ? 'One person has' : `${approvals} people have`;
  const given = state === 'approved' && approvals > 0 ? ` ${count} said yes.` : '';
  return {
    arguments: { message: `The ${kind} ${docId} ${ENDS[state]}.${given}` },
    confidence: 0.95,
    reasoning: 'Said what the state is, and nothing else.',
  };
}
