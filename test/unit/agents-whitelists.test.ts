import { describe, expect, test } from 'vitest';
import * as agents from '../../agents/index.ts';

/** Whitelists, one row a rule: what is allowed, and what is not with a word of the reason (BA-84). */
describe('createAccount sells a plan only to those it is made for (BA-84)', () => {
  const call = { requestId: 'r', customerId: 'c', identityCheckId: 'i', displayName: 'Somebody' };
  const input = { ...call, message: 'm' };
  test.each([
    ['private', 'starter', true],
    ['private', 'business', true],
    ['private', 'enterprise', false],
    ['small-business', 'starter', true],
    ['small-business', 'enterprise', false],
    ['enterprise', 'enterprise', true],
    ['enterprise', 'business', true],
    ['enterprise', 'starter', false],
    ['public-sector', 'starter', true],
    ['public-sector', 'enterprise', true],
  ] as const)('%s on %s: %s', (segment, plan, sold) => {
    const reason = agents.createAccount.forbids?.({ ...call, plan, segment }, input);
    expect(reason).toEqual(sold ? undefined : `the ${plan} plan is not sold to the segment ${segment}`);
  });
});

describe('bookFollowUp takes an offered slot, as it was offered (BA-84)', () => {
  const offered = ['2031-03-04T09:00:00.000Z', '2031-03-05T14:00:00.000Z'];
  const input = { accountId: 'a', attendee: 'somebody@house.example', offered, message: 'm' };
  const call = { accountId: 'a', attendees: ['somebody@house.example'], offered };
  test.each([
    ['2031-03-05T14:00:00.000Z', undefined],
    ['2031-03-05T15:00:00.000Z', 'the slot is none of the offered ones'],
    ['2031-03-05T14:00:00Z', 'the slot is none of the offered ones'],
  ])('%s', (startsAt, reason) => {
    expect(agents.bookFollowUp.forbids?.({ ...call, startsAt }, input)).toBe(reason);
  });
});

describe('routeNotification and escalate stay within what the case allows (BA-84)', () => {
  test.each([
    ['sales', undefined],
    ['compliance', 'the channel compliance is none of the allowed ones'],
  ] as const)('channel %s', (channel, reason) => {
    const allowedChannels = ['sales', 'account-team'] as const;
    const call = { subjectId: 'a', allowedChannels: [...allowedChannels], channel, message: 'm' };
    const input = { accountId: 'a', plan: 'starter', allowedChannels: [...allowedChannels] } as const;
    expect(agents.routeNotification.forbids?.(call, { ...input, allowedChannels: [...allowedChannels] })).toBe(reason);
  });

  test.each([
    ['identity-ops', 'Stale data at agent two.', undefined],
    ['order-desk', 'Stale data at agent two.', 'the queue order-desk is none of the allowed ones'],
    ['identity-ops', 'Ask anna@house.example about it.', 'the text holds an e-mail address'],
  ] as const)('queue %s: %s', (queue, summary, reason) => {
    const bound = {
      caseId: 'c',
      failureType: 'StaleData',
      step: 'verifyIdentity',
      allowedQueues: ['identity-ops' as const],
    };
    const call = { ...bound, queue, severity: 'high' as const, summary };
    expect(agents.escalate.forbids?.(call, { ...bound, leftBehind: [] })).toBe(reason);
  });

  test('an audit summary names no address', () => {
    const bound = { caseId: 'c', outcome: 'onboarded', decisionsDigest: '0'.repeat(64) };
    const input = { ...bound, steps: [] };
    expect(agents.writeAudit.forbids?.({ ...bound, summary: 'Eight steps done.' }, input)).toBeUndefined();
    expect(agents.writeAudit.forbids?.({ ...bound, summary: 'Sent to bo@house.example.' }, input)).toContain('e-mail');
  });
});

describe('letters to customers make no promises (BA-84)', () => {
  const letter = { to: 'somebody@house.example', documentId: 'd', subject: 'Welcome' };
  const input = { ...letter, customerName: 'Somebody', plan: 'business', message: 'm' } as const;
  const rows: [string, string | undefined][] = [
    ['Your account is open. The plan is Business, made for teams.', undefined],
    ['We meet at 10 or 14 o’clock, and 40 people can join.', undefined],
    ['Every seat costs 1 EUR.', 'the text names a sum of money'],
    ['It is yours for €5 a month.', 'the text names a sum of money'],
    ['За 100 ₴ на місяць.', 'the text names a sum of money'],
    ['You pay 12 dollars.', 'the text names a sum of money'],
    ['A discount of 90% for ever.', 'the text names a percentage'],
    ['Welcome to the Enterprise plan.', 'the text names the enterprise plan, the account has business'],
    ['Welcome to the Business plan.', undefined],
  ];
  test.each(rows)('%s', (body, reason) => {
    expect(agents.sendWelcomeEmail.forbids?.({ ...letter, body }, input)).toBe(reason);
    const kit = { accountId: 'a', customerName: 'Somebody', language: 'en', salutation: 'formal' } as const;
    const sections = [{ heading: 'Welcome', body }];
    expect(agents.writeWelcomeKit.forbids?.({ ...kit, sections }, { ...kit, plan: 'business', message: 'm' })).toBe(
      reason,
    );
  });

  test('a kit has no heading twice', () => {
    const kit = { accountId: 'a', customerName: 'Somebody', language: 'en', salutation: 'formal' } as const;
    const sections = [
      { heading: 'Welcome', body: 'One.' },
      { heading: 'welcome ', body: 'Two.' },
    ];
    const reason = agents.writeWelcomeKit.forbids?.({ ...kit, sections }, { ...kit, plan: 'starter', message: 'm' });
    expect(reason).toBe('two sections have the same heading');
  });
});

test('verifyIdentity forbids a birth date that lies in the future (BA-84)', () => {
  const call = {
    customerId: 'c',
    notBefore: '2031-03-04T09:00:00.000Z',
    document: 'passport',
    number: 'X1234',
    name: 'A',
  } as const;
  const input = { customerId: 'c', documentText: 't' };
  expect(agents.verifyIdentity.forbids?.({ ...call, birthDate: '1990-05-04' }, input)).toBeUndefined();
  expect(agents.verifyIdentity.forbids?.({ ...call, birthDate: '2031-03-05' }, input)).toBe(
    'the birth date lies in the future',
  );
});
