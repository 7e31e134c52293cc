import { describe, expect, it } from 'vitest';
import { breakersIn, type HouseSeen, rolesOf, stagesOf } from '../../client/cli/house-look.ts';
import { addWatchCommand } from '../../client/cli/house-watch.ts';
import { POINTS } from '../../contracts/decision-points.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { createMeter } from '../../telemetry/meter.ts';
import { typing } from '../support/typing.ts';

const SEEN: HouseSeen = {
  at: '2026-11-23T08:00:00.000Z',
  running: 3,
  cut: false,
  stages: [
    {
      process: 'placeOrder',
      stage: 'waiting',
      cases: 2,
      costMicroUsd: 9000,
      dearestMicroUsd: 6000,
      capMicroUsd: 300_000,
    },
    { process: 'routeTicket', stage: 'classifyTicket', cases: 1, costMicroUsd: 1000, dearestMicroUsd: 1000 },
  ],
  waiting: [{ role: 'manager', requests: 2, oldestMs: 7_200_000 }],
  ended: { ordered: 4, failed: 1 },
  breakers: [
    { model: 'm-one', state: 'closed' },
    { model: 'm-two', state: 'open' },
  ],
};

/** Types `governor watch` at a house that looks like this; the look after the last fails, and so ends it. */
async function watching(words: readonly string[], looks: readonly HouseSeen[], columns?: number) {
  const left = [...looks];
  const over = new Error('over');
  const look = async (): Promise<HouseSeen> => {
    const seen = left.shift();
    if (!seen) throw over;
    return seen;
  };
  return typing(
    [
      (program, terminal) =>
        addWatchCommand(
          program,
          (use) =>
            use(look).catch((error: unknown) => {
              if (error !== over) throw error;
              return undefined as never;
            }),
          terminal,
        ),
    ],
    ['watch', ...words],
    columns === undefined ? {} : { columns },
  );
}

describe('governor watch', () => {
  it('draws stages, money against the cap, breakers and who is waited for, anew at each look', async () => {
    const { drawn, exit, out } = await watching(['--every', '0.5'], [SEEN, { ...SEEN, running: 2 }], 100);
    expect([exit, out]).toEqual([0, '']);
    expect(drawn).toHaveLength(2);
    const text = drawn[0]?.join('\n') ?? '';
    for (const words of ['running   3', 'm-two open', '4 ordered, 1 failed', '2 % of $0.30', 'no cap known'])
      expect(text).toContain(words);
    expect(text).toMatch(/placeOrder +waiting +2 +\$0\.009/);
    expect(text).toMatch(/manager +2 +2 h/);
    expect(drawn[1]?.join('\n')).toContain('running   2');
  });

  it('says a line a look where nobody sits at a terminal', async () => {
    const { out, drawn } = await watching(['--every', '0.5'], [SEEN, SEEN]);
    expect(drawn).toEqual([]);
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('3 running | placeOrder waiting 2 | routeTicket classifyTicket 1 | spent $0.01 |');
    expect(lines[0]).toContain('waiting: manager 2 (2 h)');
  });

  it('gives what it saw as JSON, once', async () => {
    const { out } = await watching(['--once', '--json'], [SEEN, SEEN], 100);
    expect(JSON.parse(out)).toEqual(SEEN);
  });

  it('says that nothing runs, and that no breaker is known', async () => {
    const { breakers: _none, ...rest } = SEEN;
    const { drawn } = await watching(['--once'], [{ ...rest, running: 0, stages: [], waiting: [], ended: {} }], 100);
    const text = drawn[0]?.join('\n') ?? '';
    for (const words of ['No case runs.', 'Nothing waits for anybody.', 'not known here', 'none, within'])
      expect(text).toContain(words);
  });

  it.each(['0', 'soon', '99999'])('does not look every %s seconds', async (every) => {
    const { exit, err } = await watching(['--every', every], [SEEN]);
    expect([exit, err]).toEqual([2, expect.stringContaining('--every takes seconds')]);
  });
});

describe('what is seen of a house', () => {
  const run = (type: string, stage: string, cost: number) => ({
    type,
    status: { code: 1, name: 'RUNNING' } as const,
    typedSearchAttributes: {
      get: (key: unknown) =>
        key === SEARCH_ATTRIBUTES.stage ? stage : key === SEARCH_ATTRIBUTES.cost ? cost : undefined,
    } as never,
  });

  it('are its cases by process and stage, with the dearest against the cap (RD-102)', () => {
    const runs = [run('placeOrder', 'waiting', 10), run('placeOrder', 'waiting', 30), run('routeTicket', 'judge', 5)];
    expect(stagesOf(runs, { placeOrder: 300 })).toEqual([
      { process: 'placeOrder', stage: 'waiting', cases: 2, costMicroUsd: 40, dearestMicroUsd: 30, capMicroUsd: 300 },
      { process: 'routeTicket', stage: 'judge', cases: 1, costMicroUsd: 5, dearestMicroUsd: 5 },
    ]);
  });

  it('is who is waited for, by role or by name, and for how long', () => {
    const now = new Date('2026-11-23T10:00:00Z');
    const rows = rolesOf(
      [
        { role: 'manager', askedAt: '2026-11-23T09:00:00Z' },
        { role: 'manager', askedAt: '2026-11-23T08:00:00Z' },
        { role: 'director', named: ['mia.holt'], askedAt: '2026-11-23T07:00:00Z' },
      ],
      now,
    );
    expect(rows).toEqual([
      { role: 'mia.holt', requests: 1, oldestMs: 10_800_000 },
      { role: 'manager', requests: 2, oldestMs: 7_200_000 },
    ]);
  });

  it('are the breakers, as the meter of a worker tells them', async () => {
    const meter = createMeter();
    for (const state of POINTS.governor_breaker_state.labels.state)
      meter.tell('governor_breaker_state', { model: 'm-1', state }, state === 'open' ? 1 : 0);
    expect(breakersIn((await meter.read()).text)).toEqual([{ model: 'm-1', state: 'open' }]);
  });
});
