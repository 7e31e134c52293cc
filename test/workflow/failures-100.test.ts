import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, identityAnswer, onboarding } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset(fakeRelease({ patienceMs: 1000 })));

describe('the same fault a hundred times', () => {
  it('gives the same type, the same state and no retry, a hundred times (ON-14)', async () => {
    spine.tools.answer('identity.verify', ({ customerId }) =>
      identityAnswer(customerId, { checkedAt: '2026-01-01T00:00:00Z', origin: 'cache' }),
    );
    const seen: string[] = [];
    let left = 100;
    const oneAfterAnother = async (): Promise<void> => {
      while (left-- > 0) {
        const handle = await spine.start('onboardCustomer', onboarding());
        const { type, message } = await failureOf(handle);
        const { outcome, steps } = await status(handle);
        seen.push(
          JSON.stringify({ type, message, outcome, steps: steps.map(({ agent, outcome: end }) => [agent, end]) }),
        );
      }
    };
    await Promise.all(Array.from({ length: 5 }, oneAfterAnother));
    expect(seen).toHaveLength(100);
    expect([...new Set(seen)].map((each) => JSON.parse(each))).toEqual([
      {
        type: 'StaleData',
        message: 'Identity verification returned cached data; timestamp mismatch detected.',
        outcome: 'failed',
        steps: [
          ['lookUpCustomer', 'done'],
          ['verifyIdentity', 'failed'],
          ['escalate', 'done'],
          ['writeAudit', 'done'],
        ],
      },
    ]);
    const counts = Object.fromEntries(
      [...Map.groupBy(spine.tools.order, (tool) => tool)].map(([tool, calls]) => [tool, calls.length]),
    );
    expect(counts).toEqual({
      'crm.lookup_customer': 100,
      'identity.verify': 100,
      'escalations.open': 100,
      'audit.append': 100,
    });
  }, 120_000);
});

describe('malformed data', () => {
  it.each([
    [
      'lookUpCustomer',
      'crm.lookup_customer',
      'candidates',
      { requestId: 'R', found: 'one', customer: null, candidates: 'C-1' },
    ],
    ['verifyIdentity', 'identity.verify', 'match', { ...identityAnswer('C-1'), match: 'perhaps' }],
    [
      'createAccount',
      'accounts.create',
      'openSlots',
      { accountId: 'A-1', customerId: 'C-1', plan: 'business', openSlots: [] },
    ],
    [
      'writeWelcomeKit',
      'documents.generate',
      'documentId',
      { documentId: 'kit.pdf', accountId: 'A-1', bytes: 1, pages: 1 },
    ],
    ['sendWelcomeEmail', 'email.send', 'acceptedAt', { messageId: 'm-1', acceptedAt: 'yesterday' }],
    ['bookFollowUp', 'calendar.book', 'startsAt', { eventId: 'e-1', startsAt: null }],
    ['routeNotification', 'notifications.post', 'channel', { notificationId: 'n-1', channel: 'everybody' }],
    ['writeAudit', 'audit.append', 'hash', { sequence: 1, hash: 'no hash', previous: '0'.repeat(64) }],
  ])('from the tool of %s is known by agent, tool and field (ON-4, SR-51)', async (agent, tool, field, garbled) => {
    spine.tools.answer(tool, () => garbled);
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({
      kind: 'exception',
      asks: `${agent} failed with BadAnswer: ${tool} broke its contract.`,
    });
    await answer(handle, request, 'abort', 'omar');
    await handle.result().catch(() => undefined);
    const { events } = await handle.fetchHistory();
    const failure = events?.findLast((event) => event.activityTaskFailedEventAttributes)
      ?.activityTaskFailedEventAttributes?.failure;
    const [payload] = failure?.applicationFailureInfo?.details?.payloads ?? [];
    const { type, details } = JSON.parse(Buffer.from(payload?.data ?? []).toString());
    expect({ type, ...details }).toMatchObject({ type: 'BadAnswer', agent, tool, field, step: agent });
  });
});
