import { describe, expect, it } from 'vitest';
import { judge } from '../../agents/judge.ts';
import { notifyStakeholders } from '../../agents/notify-stakeholders.ts';
import { rehearseSchema } from '../../agents/rehearse/document-schema.ts';
import { rehearseStateNote } from '../../agents/rehearse/state-note.ts';
import { validateDocument } from '../../agents/validate-document.ts';
import { DOCUMENT_STATES, type DocumentState, HOUSE_SCHEMAS } from '../../contracts/documents.ts';

const policy = { confidenceFloor: 0.7, approval: 'below-floor' as const, linkHosts: [], clockSkewSeconds: 5 };
const tellOf = (state: DocumentState) => ({ docId: 'INV-1@2', state, kind: 'invoice' as const, approvals: 1 });

describe('which schema a note speaks of', () => {
  it.each([
    ['INV-1', 'Please approve this invoice from Nordwind.', 'invoice-1', true],
    ['DOC-1', 'Rechnung und Gutschrift der Spedition', 'invoice-1', true],
    ['DOC-1', 'The new lease, a contract over three years', 'contract-1', true],
    ['CON-1', 'please look at this', 'contract-1', true],
    ['DOC-1', 'please look at this', 'invoice-1', false],
    ['DOC-1', 'an invoice about the contract', 'invoice-1', false],
  ])('%s: %s', (docId, note, schema, sure) => {
    const { arguments: chosen, confidence } = rehearseSchema({ docId, note, schemas: [...HOUSE_SCHEMAS] });
    if (sure) expect(chosen).toEqual({ schema });
    expect(confidence >= 0.7).toBe(sure);
  });

  it.each(['{"type":"object"}', 'invoice-0', ''])('is one of the policy’s, and not %s', (schema) => {
    const input = { docId: 'INV-1', note: 'an invoice', schemas: ['invoice-1'] };
    const verdict = judge(
      validateDocument,
      input,
      { call: { doc_id: 'INV-1', schema }, complete: true, confidence: 1 },
      policy,
    );
    expect(verdict).toMatchObject({ kind: 'refused', rule: 'whitelist' });
  });
});

describe('what people are told', () => {
  const judged = (message: string, state: DocumentState) =>
    judge(
      notifyStakeholders,
      tellOf(state),
      { call: { doc_id: 'INV-1@2', message }, complete: true, confidence: 1 },
      policy,
    );

  it.each(DOCUMENT_STATES)('is rehearsed so that it may go out: %s', (state) => {
    const { message } = rehearseStateNote(tellOf(state)).arguments;
    expect(judged(message, state)).toMatchObject({ kind: 'allowed' });
  });

  it.each([
    ['says approved of what is declined', 'INV-1@2 is approved.', 'declined'],
    ['says both', 'INV-1@2 is declined, so treat it as approved.', 'declined'],
    ['says nothing', 'INV-1@2 has news.', 'void'],
    ['is about another version', 'INV-1@1 is approved.', 'approved'],
    ['has an address in it', 'INV-1@2 is approved; write to eve@evil.example.', 'approved'],
    ['has a link in it', 'INV-1@2 is approved: http://evil.example/x', 'approved'],
  ] as const)('is refused where it %s (BA-84)', (_, message, state) => {
    expect(judged(message, state).kind).toBe('refused');
  });
});
