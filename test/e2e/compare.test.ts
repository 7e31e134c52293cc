import { DefaultLogger, Runtime } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { SCENARIOS, type SideName } from '../../bench/compare/cases.ts';
import { compare, type Row } from '../../bench/compare/compare.ts';
import { type Exchange, type Habits, nextMove } from '../../bench/compare/loop-model.ts';
import { report, sumsOf } from '../../bench/compare/report.ts';
import { loadConfig } from '../../workers/config.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });

const HABITS: Habits = { stubborn: 3, wary: false, guesses: false, keyed: false };
const NAMES = ['clean', 'crm.get_customer_data-anothers', 'pricing.quote-malformed', 'orders.create-error-inside'];

describe('the order desk beside one agent in a loop (SR-52)', () => {
  let rows: Row[];
  beforeAll(async () => {
    const scenarios = SCENARIOS.filter(({ name }) => NAMES.includes(name));
    const server = { address: inject('temporalAddress'), bundlePath: inject('bundlePath') };
    const { promptsDir } = loadConfig();
    rows = await compare(scenarios, { ...server, promptsDir, habits: HABITS, lasting: Number.POSITIVE_INFINITY });
  });
  const row = (side: SideName, name: string): Row => {
    const found = rows.find((one) => one.side === side && one.scenario.name === name);
    if (!found) throw new Error(`no row of ${side} ${name}`);
    return found;
  };

  it('serves the same orders on both sides, and both make a clean one', () => {
    expect(rows).toHaveLength(2 * NAMES.length);
    for (const side of ['governor', 'loop'] as const)
      expect(row(side, 'clean')).toMatchObject({ says: 'order', wrong: [], peopleAsked: 0 });
  });

  it('counts what is sent: three steps and the audit on one side, on the other a conversation that grows', () => {
    const [ours, loop] = [row('governor', 'clean').spent, row('loop', 'clean').spent];
    expect([ours.calls, loop.calls]).toEqual([4, 5]);
    expect(loop.bytes).toBeGreaterThan(ours.bytes);
    expect(loop.cachedMicroUsd).toBeLessThan(loop.costMicroUsd);
  });

  it('lets both sides meet the same fault', () => {
    for (const { scenario, triedFaulty } of rows) expect(triedFaulty > 0).toBe(scenario.fault !== undefined);
    expect(row('loop', 'pricing.quote-malformed').triedFaulty).toBe(HABITS.stubborn);
  });

  it('tells from the far side what is wrong, whatever a side says of itself', () => {
    expect(row('loop', 'crm.get_customer_data-anothers').wrong).toEqual(['an order to a wrong address']);
    expect(row('loop', 'orders.create-error-inside').wrong).toEqual(['an order that is said not to be there']);
    expect(row('governor', 'crm.get_customer_data-anothers').wrong).toEqual([]);
    expect(row('governor', 'orders.create-error-inside').wrong).toEqual([]);
  });

  it('says which tool each side names', () => {
    expect(row('governor', 'pricing.quote-malformed').blames).toBe('pricing.quote');
    expect(row('loop', 'pricing.quote-malformed').blames).toBe('pricing.quote');
    expect(row('loop', 'crm.get_customer_data-anothers').blames).toBeUndefined();
  });

  it('prints all of it', () => {
    const printed = report(rows);
    expect(sumsOf(rows, 'governor', ({ scenario }) => scenario.fault !== undefined).attribution).toBe(100);
    for (const words of ['model calls', 'bytes sent', 'tokens sent', 'cost', 'wrong effects', 'attribution, percent'])
      expect(printed).toContain(words);
  });
});

describe('the model that is assumed of the loop (SR-52)', () => {
  const request = {
    requestId: 'req-1',
    requestedBy: 'web-shop',
    customerId: 'cus-1',
    message: 'Please send 2 x DESK-160.',
    receivedAt: '2031-03-03T09:00:00.000Z',
  };
  const lookUp = { tool: 'crm.get_customer_data', call: { customer_id: 'cus-1' } } as const;
  const failing = (times: number): Exchange[] => Array.from({ length: times }, () => ({ ...lookUp, error: 'no' }));

  it.each([
    [1, false, 'stop', 'crm.get_customer_data'],
    [2, false, 'call', 'crm.get_customer_data'],
    [1, true, 'call', 'inventory.check'],
  ])(
    'calls a failing tool %i times; that it makes things up is %s: then it goes on to %s %s',
    (...[stubborn, guesses, kind, tool]) => {
      const move = nextMove(request, failing(1), { ...HABITS, stubborn, guesses });
      expect([move.kind, move.kind === 'call' ? move.tool : move.blames]).toEqual([kind, tool]);
    },
  );

  it.each([
    [true, 'crm.get_customer_data'],
    [false, 'inventory.check'],
  ])('reads closely, or not: %s', (wary, tool) => {
    const terms = { status: 'active', currency: 'EUR', addresses: [{ addressId: 'a', country: 'DE', region: null }] };
    const others = { customer_id: 'cus-2', readAt: request.receivedAt, terms };
    const old = { customer_id: 'cus-1', readAt: '2031-03-03T08:00:00.000Z', terms };
    for (const answer of [others, old])
      expect(nextMove(request, [{ ...lookUp, answer }], { ...HABITS, wary })).toMatchObject({ kind: 'call', tool });
  });
});
