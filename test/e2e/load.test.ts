import { expect, inject, it } from 'vitest';
import { openArrivals } from '../load/arrivals.ts';
import { type ClimbPlan, climb } from '../load/climb.ts';
import { tables } from '../load/figures.ts';
import { startLoadHouse } from '../load/house.ts';
import { percentile } from '../load/knee.ts';
import { rigServer } from '../support/crash/rig-server.ts';

const SLOTS = 2;
const LATENCY_MS = 200;
/** Timers may fire a little early. */
const EARLY_MS = 5;
const plan = (workers: number): ClimbPlan => ({
  ladder: { from: workers, factor: 2, most: 1 },
  stepS: 2,
  settleS: 1,
  patienceS: 120,
});

it('takes a load that grows by more worker processes and nothing else, and tells p95 and failures (CD-76)', async () => {
  const house = await startLoadHouse({
    ...rigServer(),
    bundlePath: inject('bundlePath'),
    latencyMs: LATENCY_MS,
    slots: SLOTS,
  });
  const arrivals = openArrivals(house);
  try {
    await house.growTo(1);
    const one = await climb(house, arrivals, plan(1), () => undefined);
    await house.growTo(2);
    const two = await climb(house, arrivals, plan(2), () => undefined);
    console.log(tables([one, two]));

    expect([one.failures, two.failures]).toEqual([[], []]);
    expect([one.workers, two.workers, two.cases]).toEqual([1, 2, 2 * one.cases]);
    expect([one.modelCalls, two.modelCalls]).toEqual([8 * one.cases, 8 * two.cases]);
    for (const { at, worker } of house.rig.model.asks) expect(inFlight(worker, at)).toBeLessThanOrEqual(SLOTS);
    const second = house.rig.model.asks.filter(({ worker }) => worker === 'worker-2');
    expect(second.length).toBeGreaterThan(0);
    const times = arrivals.all.map(({ begunAt, endedAt = Number.NaN }) => endedAt - begunAt);
    expect(percentile(times, 0.95)).toBeGreaterThan(8 * (LATENCY_MS - EARLY_MS));
    for (const { steps } of [one, two]) {
      expect(steps).toHaveLength(1);
      expect(steps[0]?.usage.roles.map(({ processes }) => processes > 0)).toEqual(Array(6).fill(true));
    }
  } finally {
    arrivals.stop();
    await house.stop();
  }

  /** Questions of this worker that the model had before it at this instant. */
  function inFlight(worker: string, now: number): number {
    const span = LATENCY_MS - EARLY_MS;
    return house.rig.model.asks.filter((ask) => ask.worker === worker && ask.at <= now && ask.at > now - span).length;
  }
}, 400_000);
