import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../contracts/decision.ts';
import { billOf } from '../soak/bill.ts';
import { accountsOf, check, type Invariant, inPeoplesHands } from '../soak/checker.ts';
import type { CaseFacts, Facts } from '../soak/facts.ts';
import { NOTHING_LEFT } from '../soak/left.ts';
import type { ModelAsk } from '../soak/model-side.ts';

const MODEL = 'claude-haiku-5-5';
const bill = billOf(MODEL, { inputTokens: 4000, outputTokens: 100 });
const ask: ModelAsk = { id: 1, provider: 'messages', model: MODEL, agent: 'lookUpCustomer', bill };
const call: ModelCall = { ...bill, model: MODEL, simulated: false, outcome: 'answered', ms: 5 };
const unknown: ModelCall = {
  ...{ model: 'unknown', simulated: false, outcome: 'unknown', costMicroUsd: 9000 },
  ...{ inputTokens: 0, outputTokens: 0, ms: 0 },
};

/** A case that went as its story wants. */
const good: CaseFacts = {
  id: 'onboardCustomer-1',
  requestId: 'SOAK-00001',
  kind: 'onboardCustomer clean',
  wanted: { outcome: 'onboarded', leaves: { account: 1 } },
  ids: ['onboardCustomer-1', 'onboardCustomer-1'],
  ended: { outcome: 'onboarded' },
  budget: { capMicroUsd: 500_000, spentMicroUsd: call.costMicroUsd, reservedMicroUsd: 0, calls: 1 },
  recorded: ['lookUpCustomer', 'writeAudit'],
  begun: ['lookUpCustomer', 'writeAudit'],
  booked: { calls: [call], silent: false },
  audited: ['lookUpCustomer'],
  logged: ['lookUpCustomer', 'lookUpCustomer', 'writeAudit'],
  left: { ...NOTHING_LEFT, account: 1, audit: 1 },
  escalations: [],
  asked: [],
};
const run = (change: Partial<CaseFacts> = {}, more: Partial<Facts> = {}): Facts => ({
  cases: [{ ...good, ...change }],
  besides: [],
  asks: [ask],
  late: { sent: 3, accepted: 0 },
  repeatedDeliveries: 0,
  ...more,
});
const broken = (facts: Facts): Invariant[] => [...new Set(check(facts).map(({ invariant }) => invariant))];

/** A step ran out of patience, and operations gave the case up. */
const givenUp: Partial<CaseFacts> = {
  ended: { outcome: 'failed', failureType: 'ToolUnavailable' },
  left: { ...NOTHING_LEFT, escalation: 1, audit: 1 },
  escalations: [{ failureType: 'ToolUnavailable', queue: 'platform-ops' }],
  asked: [{ approval: 'lookUpCustomer-1', kind: 'exception', rule: 'ToolUnavailable', foreseen: false }],
};
const spending = (spentMicroUsd: number, calls: readonly ModelCall[], silent = false): Partial<CaseFacts> => ({
  budget: { ...good.budget, spentMicroUsd },
  booked: { calls, silent },
});
const left = (change: Partial<typeof NOTHING_LEFT>): Partial<CaseFacts> => ({ left: { ...good.left, ...change } });

describe('the checker of the soak', () => {
  it.each([
    ['a case that went well', run()],
    ['one that was given up and handed over', run(givenUp)],
    [
      'a ticket that its process puts before people',
      run({ ended: { outcome: 'triage' }, wanted: { ...good.wanted, orElse: 'triage' } }),
    ],
    [
      'a lost answer that is booked at its worst case',
      run(spending(call.costMicroUsd + 9000, [call, unknown]), {
        asks: [ask, { ...ask, id: 2, bill: billOf(MODEL, { inputTokens: 3, outputTokens: 3 }) }],
      }),
    ],
    ['a step that ran out of time with its reservation', run(spending(call.costMicroUsd + 9000, [call], true))],
  ])('has nothing to say of %s', (_, facts) => {
    expect(check(facts)).toEqual([]);
  });

  it.each<[string, Invariant, Facts]>([
    ['never ended', 'ended', run({ ended: undefined })],
    ['ended otherwise than its story wants', 'ended', run({ ended: { outcome: 'rejected' } })],
    [
      'failed by what no fault explains',
      'ended',
      run({
        ...givenUp,
        ended: { outcome: 'failed', failureType: 'PricingFault' },
        escalations: [{ failureType: 'PricingFault', queue: 'finance-ops' }],
      }),
    ],
    ['failed and told nobody', 'queue', run({ ...givenUp, escalations: [] })],
    [
      'failed into the wrong queue',
      'queue',
      run({ ...givenUp, escalations: [{ failureType: 'ToolUnavailable', queue: 'order-desk' }] }),
    ],
    [
      'told people twice',
      'queue',
      run({ ...givenUp, escalations: [...(givenUp.escalations ?? []), ...(givenUp.escalations ?? [])] }),
    ],
    ['was escalated though it did not fail', 'queue', run({ escalations: givenUp.escalations ?? [] })],
    ['has an effect twice', 'effects', run(left({ account: 2 }))],
    ['lacks an effect', 'effects', run(left({ account: 0 }))],
    ['has an effect that nobody wanted', 'effects', run(left({ order: 1 }))],
    [
      'has an effect twice and was given up',
      'effects',
      run({ ...givenUp, left: { ...NOTHING_LEFT, account: 2, escalation: 1, audit: 1 } }),
    ],
    ['has two audits', 'effects', run(left({ audit: 2 }))],
    ['spent more than its cap', 'cap', run({ budget: { ...good.budget, capMicroUsd: 1 } })],
    ['holds more than its cap', 'cap', run({ budget: { ...good.budget, reservedMicroUsd: 500_000 } })],
    ['spent more than its calls', 'spent', run(spending(call.costMicroUsd + 1, [call]))],
    ['spent less than its calls', 'spent', run(spending(call.costMicroUsd - 1, [call], true))],
    ['booked a call that no provider knows', 'settled', run({}, { asks: [] })],
    ['booked one call twice', 'settled', run(spending(2 * call.costMicroUsd, [call, call]))],
    [
      'booked a call at another price',
      'settled',
      run(spending(call.costMicroUsd + 1, [{ ...call, costMicroUsd: call.costMicroUsd + 1 }])),
    ],
    [
      'lost an answer and booked nothing',
      'lost',
      run({}, { asks: [ask, { ...ask, id: 2, bill: billOf(MODEL, { inputTokens: 3, outputTokens: 3 }) }] }),
    ],
    ['recorded a step twice', 'recorded', run({ recorded: ['lookUpCustomer', 'lookUpCustomer', 'writeAudit'] })],
    ['did not record a step', 'recorded', run({ recorded: ['writeAudit'] })],
    ['kept a step from the audit', 'recorded', run({ audited: [] })],
    ['has a decision that no log tells of', 'recorded', run({ logged: ['writeAudit'] })],
    ['has a step in the audit twice', 'recorded', run({ audited: ['lookUpCustomer', 'lookUpCustomer'] })],
    ['was decided a second time', 'answers', run({}, { late: { sent: 3, accepted: 1 } })],
    ['was started twice for one key', 'starts', run({ ids: ['onboardCustomer-1', 'onboardCustomer-2'] })],
  ])('finds a case that %s', (_, invariant, facts) => {
    expect(broken(facts)).toContain(invariant);
  });

  it('holds the share of people to three in a hundred, and leaves out what policy gives them', () => {
    const many = (hands: number, rule: string): Facts =>
      run(
        {},
        {
          asks: [],
          cases: Array.from({ length: 500 }, (_, at) => ({
            ...good,
            ...spending(0, []),
            asked: at < hands ? [{ approval: 'a-1', kind: 'exception', rule, foreseen: false }] : [],
          })),
        },
      );
    expect(broken(many(15, 'ToolUnavailable'))).toEqual([]);
    expect(broken(many(16, 'ToolUnavailable'))).toEqual(['share']);
    expect(broken(many(400, 'NoModelLeft'))).toEqual([]);
    const stopped = { ...givenUp, ended: { outcome: 'failed', failureType: 'NoModelLeft' }, asked: [] };
    expect(inPeoplesHands(run(stopped))).toEqual([]);
    expect(
      inPeoplesHands(run({ ...stopped, ended: { outcome: 'failed', failureType: 'ToolUnavailable' } })),
    ).toHaveLength(1);
    expect(inPeoplesHands(many(16, 'ToolUnavailable'))).toHaveLength(16);
  });

  it('keeps what is settled apart from what is unknown', () => {
    const lost = { ...ask, id: 2, bill: billOf(MODEL, { inputTokens: 3000, outputTokens: 30 }) };
    const facts = run(spending(call.costMicroUsd + 9000, [call, unknown]), { asks: [ask, lost] });
    expect(accountsOf(facts)).toEqual({
      settledCalls: 1,
      settledMicroUsd: call.costMicroUsd,
      unknownCalls: 1,
      unknownMicroUsd: 9000,
      lostAsks: 1,
      lostMicroUsd: lost.bill.costMicroUsd,
      unmatched: [],
    });
  });
});
