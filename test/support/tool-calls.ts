import type { ToolName } from '../../contracts/tools/index.ts';
import { EXPENSE_SAMPLES } from './expense-calls.ts';
import { PAPER_SAMPLES } from './paper-calls.ts';
import { SHOP_SAMPLES } from './shop-calls.ts';
import { TICKET_SAMPLES } from './ticket-calls.ts';

const SLOT = '2026-12-01T09:00:00.000Z';
const DIGEST = 'a'.repeat(64);

export interface Sample {
  /** A call that succeeds, given a document of the store. */
  readonly call: (documentId: string) => Record<string, unknown>;
  /** The same in other words that the model may choose, for tools that leave it any. */
  readonly inOtherWords?: Record<string, unknown>;
  /** A guarded argument with another value. */
  readonly otherGuarded: Record<string, unknown>;
  /** Where the answer must be this. */
  readonly says: Record<string, unknown>;
}

/** One good call of each tool. */
export const SAMPLES: Readonly<Record<ToolName, Sample>> = {
  'crm.lookup_customer': {
    call: () => ({ requestId: 'req-1', names: ['byron,  ADA'], companies: [], emails: [] }),
    inOtherWords: { names: ['Sam Lee'] },
    otherGuarded: { requestId: 'req-2' },
    says: { requestId: 'req-1', found: 'one' },
  },
  'crm.update_customer': {
    call: () => ({ customerId: 'cus-sam2', status: 'active' }),
    otherGuarded: { status: 'closed' },
    says: { customerId: 'cus-sam2', status: 'active' },
  },
  'identity.verify': {
    call: () => ({
      customerId: 'cus-ada',
      notBefore: '2026-01-01T00:00:00Z',
      document: 'passport',
      number: 'PA 1234567',
      name: 'BYRON Ada',
      birthDate: '1990-12-10',
    }),
    inOtherWords: { birthDate: '1991-01-01' },
    otherGuarded: { customerId: 'cus-zoe' },
    says: { subjectId: 'cus-ada', origin: 'live', match: 'match', validUntil: '2035-01-31' },
  },
  'accounts.create': {
    call: () => ({
      requestId: 'req-1',
      customerId: 'cus-ada',
      identityCheckId: 'chk-1',
      displayName: 'Ada Byron',
      plan: 'business',
      segment: 'private',
    }),
    inOtherWords: { plan: 'starter' },
    otherGuarded: { customerId: 'cus-zoe' },
    says: { customerId: 'cus-ada', plan: 'business' },
  },
  'accounts.close': {
    call: () => ({ requestId: 'req-9', reason: 'the case ended' }),
    inOtherWords: { reason: 'another reason' },
    otherGuarded: { requestId: 'req-8' },
    says: { requestId: 'req-9', accountId: null, state: 'never-opened' },
  },
  'documents.generate': {
    call: () => ({
      accountId: 'acc-1',
      customerName: 'Żółć Ґанок',
      language: 'uk',
      salutation: 'formal',
      sections: [{ heading: 'Вітаємо', body: 'Ласкаво просимо.' }],
    }),
    inOtherWords: { salutation: 'friendly' },
    otherGuarded: { accountId: 'acc-2' },
    says: { accountId: 'acc-1', pages: 1 },
  },
  'email.send': {
    call: (documentId) => ({
      to: 'ada@engines.example',
      documentId,
      subject: 'Welcome',
      body: 'Hello Ada, your kit is attached.',
    }),
    inOtherWords: { subject: 'A warm welcome' },
    otherGuarded: { to: 'eve@engines.example' },
    says: {},
  },
  'calendar.book': {
    call: () => ({
      accountId: 'acc-1',
      attendees: ['ada@engines.example'],
      offered: [SLOT, '2026-12-02T14:00:00Z'],
      startsAt: SLOT,
    }),
    inOtherWords: { startsAt: '2026-12-02T14:00:00Z' },
    otherGuarded: { attendees: ['eve@engines.example'] },
    says: { startsAt: SLOT },
  },
  'notifications.post': {
    call: () => ({
      subjectId: 'acc-1',
      allowedChannels: ['sales', 'account-team'],
      channel: 'sales',
      message: 'A new account.',
    }),
    inOtherWords: { channel: 'account-team' },
    otherGuarded: { subjectId: 'acc-2' },
    says: { channel: 'sales' },
  },
  'notifications.mail': {
    call: () => ({
      subjectId: 'case-1',
      recipients: ['marta@governor.example', 'tomas@governor.example'],
      subject: 'expense-1 waits for manager',
      message: 'A line of an expense report waits.',
      link: 'http://127.0.0.1:7300/desk/#/approvals/case-1/expense-1',
    }),
    inOtherWords: { message: 'It still waits.' },
    otherGuarded: { recipients: ['eve@governor.example'] },
    says: { accepted: 2 },
  },
  'audit.append': {
    call: () => ({ caseId: 'case-1', outcome: 'onboarded', decisionsDigest: DIGEST, summary: 'All steps done.' }),
    inOtherWords: { summary: 'Everything is done.' },
    otherGuarded: { outcome: 'failed' },
    says: { sequence: 1, previous: '0'.repeat(64) },
  },
  'audit.list': {
    call: () => ({ caseId: 'case-1', limit: 10 }),
    otherGuarded: { limit: 11 },
    says: { more: false },
  },
  'escalations.open': {
    call: () => ({
      caseId: 'case-1',
      failureType: 'StaleData',
      step: 'verifyIdentity',
      allowedQueues: ['identity-ops'],
      queue: 'identity-ops',
      severity: 'high',
      summary: 'The registry serves old checks.',
    }),
    inOtherWords: { severity: 'low' },
    otherGuarded: { step: 'createAccount' },
    says: { queue: 'identity-ops' },
  },
  ...SHOP_SAMPLES,
  ...TICKET_SAMPLES,
  ...PAPER_SAMPLES,
  ...EXPENSE_SAMPLES,
};
