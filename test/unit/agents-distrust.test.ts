import { describe, expect, test } from 'vitest';
import * as agents from '../../agents/index.ts';

const STARTED = '2031-03-04T09:00:00.000Z';
const SKEW_MS = 5000;
const HEARD = { startedAt: STARTED, skewMs: SKEW_MS, now: Date.parse('2031-03-04T09:00:10.000Z') };
const STALE = 'Identity verification returned cached data; timestamp mismatch detected.';

describe('verifyIdentity believes only a fresh check of its own subject', () => {
  const call = {
    customerId: 'cus-1',
    notBefore: STARTED,
    document: 'passport',
    number: 'X1234',
    name: 'Somebody',
    birthDate: '1990-05-04',
  } as const;
  const answer = { checkId: 'chk', origin: 'cache', match: 'match', validUntil: '2049-01-01', ageYears: 40 } as const;
  const judge = (checkedAt: string, subjectId = 'cus-1') =>
    agents.verifyIdentity.distrusts?.({ ...answer, checkedAt, subjectId }, call, HEARD);

  test.each([
    ['checked after the start', '2031-03-04T09:00:03.000Z', undefined],
    ['checked at the start, written another way', '2031-03-04T09:00:00Z', undefined],
    ['older by exactly the skew', '2031-03-04T08:59:55.000Z', undefined],
    ['older by a millisecond more', '2031-03-04T08:59:54.999Z', 'StaleData'],
    ['yesterday at a later time of day', '2031-03-03T23:59:59.000Z', 'StaleData'],
    ['from the future within the skew', '2031-03-04T09:00:15.000Z', undefined],
    ['from the future beyond the skew', '2031-03-04T09:00:15.001Z', 'StaleData'],
    ['at no time at all', 'some day', 'StaleData'],
  ])('%s (ON-12)', (_, checkedAt, type) => {
    expect(judge(checkedAt)?.type).toBe(type);
  });

  test('a stale check says so in the exact words, with both subjects and both instants (ON-12, ON-8)', () => {
    expect(judge('2031-03-04T07:00:00.000Z', 'cus-2')).toEqual({
      type: 'StaleData',
      message: STALE,
      details: {
        asked: { subject: 'cus-1', notBefore: STARTED },
        got: { subject: 'cus-2', checkedAt: '2031-03-04T07:00:00.000Z' },
      },
    });
  });

  test('a fresh check of another subject is WrongSubject (ON-8)', () => {
    expect(judge('2031-03-04T09:00:01.000Z', 'cus-2')).toMatchObject({
      type: 'WrongSubject',
      details: { asked: { subject: 'cus-1' }, got: { subject: 'cus-2' } },
    });
  });
});

describe('getCustomerData believes only a record that was read for its case', () => {
  const answer = { customer_id: 'cus-1', terms: null };
  const judge = (readAt: string, customer_id = 'cus-1') =>
    agents.getCustomerData.distrusts?.({ ...answer, readAt, customer_id }, { customer_id: 'cus-1' }, HEARD);

  test.each([
    ['read after the start', '2031-03-04T09:00:03.000Z', undefined],
    ['read at the start, written another way', '2031-03-04T09:00:00Z', undefined],
    ['older by exactly the skew', '2031-03-04T08:59:55.000Z', undefined],
    ['older by a millisecond more', '2031-03-04T08:59:54.999Z', 'StaleData'],
    ['from the future beyond the skew', '2031-03-04T09:00:15.001Z', 'StaleData'],
  ])('%s (ON-8)', (_, readAt, type) => expect(judge(readAt)?.type).toBe(type));

  test('an old one says so, with both instants; a fresh one of somebody else is WrongSubject', () => {
    expect(judge('2031-03-04T07:00:00.000Z')).toMatchObject({
      type: 'StaleData',
      details: {
        asked: { subject: 'cus-1', notBefore: STARTED },
        got: { subject: 'cus-1', readAt: '2031-03-04T07:00:00.000Z' },
      },
    });
    expect(judge('2031-03-04T09:00:01.000Z', 'cus-2')?.type).toBe('WrongSubject');
  });
});

describe('an answer about something else is a failure, whichever agent asked (ON-8)', () => {
  const {
    lookUpCustomer,
    createAccount,
    writeWelcomeKit,
    bookFollowUp,
    routeNotification,
    writeAudit,
    escalate,
    closeAccount,
  } = agents;
  const keys = { requestId: 'r-1', names: [], companies: [], emails: [] };
  const customer = { customerId: 'c', name: 'n', company: null, email: 'n@house.example', status: 'lead' } as const;
  const account = {
    requestId: 'r',
    customerId: 'c-1',
    identityCheckId: 'i',
    displayName: 'd',
    plan: 'starter',
    segment: 'private',
  } as const;
  const opened = { accountId: 'a', customerId: 'c-1', plan: 'starter' as const, openSlots: [STARTED] };
  const kit = {
    accountId: 'a-1',
    customerName: 'n',
    language: 'en',
    salutation: 'formal',
    sections: [{ heading: 'h', body: 'b' }],
  } as const;
  const made = { documentId: `sha256-${'0'.repeat(64)}`, accountId: 'a-1', bytes: 1, pages: 1 };
  const meeting = { accountId: 'a', attendees: ['n@house.example'], offered: [STARTED], startsAt: STARTED };
  const post = { subjectId: 'a', allowedChannels: ['sales' as const], channel: 'sales' as const, message: 'm' };
  const ticket = {
    caseId: 'c',
    failureType: 'f',
    step: 's',
    allowedQueues: ['identity-ops' as const],
    queue: 'identity-ops' as const,
    severity: 'low' as const,
    summary: 's',
  };
  const entry = { caseId: 'c', outcome: 'o', decisionsDigest: '0'.repeat(64), summary: 's' };
  const close = { requestId: 'r-1', reason: 'why' };
  const hash = (digit: string) => digit.repeat(64);

  const rows: [string, () => { type: string } | undefined, string | undefined][] = [
    [
      'lookup, its own request',
      () => lookUpCustomer.distrusts?.({ requestId: 'r-1', found: 'one', customer, candidates: [] }, keys, HEARD),
      undefined,
    ],
    [
      'lookup, another request',
      () => lookUpCustomer.distrusts?.({ requestId: 'r-2', found: 'one', customer, candidates: [] }, keys, HEARD),
      'WrongSubject',
    ],
    [
      'lookup, one found and nobody there',
      () => lookUpCustomer.distrusts?.({ requestId: 'r-1', found: 'one', customer: null, candidates: [] }, keys, HEARD),
      'BadAnswer',
    ],
    [
      'lookup, none found and somebody there',
      () => lookUpCustomer.distrusts?.({ requestId: 'r-1', found: 'none', customer, candidates: [] }, keys, HEARD),
      'BadAnswer',
    ],
    ['account of its customer', () => createAccount.distrusts?.(opened, account, HEARD), undefined],
    [
      'account of another customer',
      () => createAccount.distrusts?.({ ...opened, customerId: 'c-2' }, account, HEARD),
      'WrongSubject',
    ],
    [
      'kit of its account',
      () => writeWelcomeKit.distrusts?.(made, { ...kit, sections: [...kit.sections] }, HEARD),
      undefined,
    ],
    [
      'kit of another account',
      () => writeWelcomeKit.distrusts?.({ ...made, accountId: 'a-2' }, { ...kit, sections: [...kit.sections] }, HEARD),
      'WrongSubject',
    ],
    [
      'meeting in an offered slot, written another way',
      () => bookFollowUp.distrusts?.({ eventId: 'e', startsAt: '2031-03-04T09:00:00Z' }, meeting, HEARD),
      undefined,
    ],
    [
      'meeting in no offered slot',
      () => bookFollowUp.distrusts?.({ eventId: 'e', startsAt: '2031-03-04T09:30:00Z' }, meeting, HEARD),
      'WrongSubject',
    ],
    [
      'notification to an allowed channel',
      () => routeNotification.distrusts?.({ notificationId: 'n', channel: 'sales' }, post, HEARD),
      undefined,
    ],
    [
      'notification to another channel',
      () => routeNotification.distrusts?.({ notificationId: 'n', channel: 'operations' }, post, HEARD),
      'WrongSubject',
    ],
    [
      'escalation in an allowed queue',
      () => escalate.distrusts?.({ escalationId: 'e', queue: 'identity-ops' }, ticket, HEARD),
      undefined,
    ],
    [
      'escalation in another queue',
      () => escalate.distrusts?.({ escalationId: 'e', queue: 'order-desk' }, ticket, HEARD),
      'WrongSubject',
    ],
    [
      'audit chain that moved',
      () => writeAudit.distrusts?.({ sequence: 2, hash: hash('b'), previous: hash('a') }, entry, HEARD),
      undefined,
    ],
    [
      'audit chain that did not move',
      () => writeAudit.distrusts?.({ sequence: 2, hash: hash('a'), previous: hash('a') }, entry, HEARD),
      'BadAnswer',
    ],
    [
      'account closed for its request',
      () => closeAccount.distrusts?.({ requestId: 'r-1', accountId: null, state: 'never-opened' }, close, HEARD),
      undefined,
    ],
    [
      'account closed for another request',
      () => closeAccount.distrusts?.({ requestId: 'r-2', accountId: 'a', state: 'closed' }, close, HEARD),
      'WrongSubject',
    ],
  ];
  test.each(rows)('%s', (_, distrust, type) => expect(distrust()?.type).toBe(type));
});
