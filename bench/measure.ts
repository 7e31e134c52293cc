import { setTimeout as sleep } from 'node:timers/promises';
import { type Length, type Order, SIDES, type Side, STEPS } from './sides.ts';
import type { Stage } from './stage.ts';
import { usageOf, usageOfGroup } from './usage.ts';

export type OrderBook = (side: Side, length: Length) => Order;
/** CPU milliseconds of one case. */
export interface CaseCpu {
  readonly worker: number;
  readonly server: number;
  readonly tools: number;
}

/** What is still on its way when the last result is there. */
const SETTLE_MS = 150;

/** Runs a case to its end and tells how long that took, milliseconds. Throws where it did not end as it should. */
export async function runCase({ client }: Stage, { workflowType, outcome, ...options }: Order): Promise<number> {
  const began = performance.now();
  const result: { outcome?: string } = await client.workflow.execute(workflowType, options);
  const ms = performance.now() - began;
  if (result.outcome !== outcome) throw new Error(`${workflowType} ended with ${JSON.stringify(result)}.`);
  return ms;
}

/** Runs `count` cases, `abreast` at a time, and tells what each has cost. */
export async function cpuOfCases(
  stage: Stage,
  book: OrderBook,
  side: Side,
  length: Length,
  count: number,
  abreast: number,
): Promise<CaseCpu> {
  const read = () => ({
    worker: usageOf(stage.workers[side].pid).cpuMs,
    server: usageOfGroup(stage.serverGroup).cpuMs,
    tools: usageOf(stage.tools.pid).cpuMs,
  });
  const callsBefore = await stage.modelCalls();
  const before = read();
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await runCase(stage, book(side, length));
  };
  await Promise.all(Array.from({ length: Math.min(abreast, count) }, lane));
  await sleep(SETTLE_MS);
  const after = read();
  const calls = (await stage.modelCalls()) - callsBefore;
  if (calls !== count * STEPS[length])
    throw new Error(`${side} made ${calls} model calls for ${count} cases of ${STEPS[length]} steps.`);
  const each = (name: keyof CaseCpu): number => (after[name] - before[name]) / count;
  return { worker: each('worker'), server: each('server'), tools: each('tools') };
}

/** Times of onboardings of both sides that run at the same moments, `pairs` at a time. */
export async function latencies(
  stage: Stage,
  book: OrderBook,
  latencyMs: number,
  rounds: number,
  pairs: number,
): Promise<Record<Side, number[]>> {
  const times: Record<Side, number[]> = { ours: [], bare: [] };
  await stage.setLatency(latencyMs);
  for (let round = 0; round < rounds; round++) {
    const orders = Array.from({ length: pairs }, () => SIDES).flat();
    // With one pair at a time the two take turns: at 0 ms they would only measure how they share the CPU.
    if (pairs === 1) for (const side of inTurn(round)) times[side].push(await runCase(stage, book(side, 'onboarding')));
    else
      await Promise.all(orders.map(async (side) => times[side].push(await runCase(stage, book(side, 'onboarding')))));
  }
  await stage.setLatency(0);
  return times;
}

/** The order changes from round to round, so that neither side always comes second. */
export const inTurn = (round: number): readonly Side[] => (round % 2 === 0 ? SIDES : [...SIDES].reverse());

/** What one case leaves in history. */
export interface Footprint {
  readonly events: number;
  readonly bytes: number;
}

export async function footprintOf(stage: Stage, order: Order): Promise<Footprint> {
  const { workflowType, outcome: _outcome, ...options } = order;
  const handle = await stage.client.workflow.start(workflowType, options);
  await handle.result();
  const { historyLength, raw } = await handle.describe();
  return { events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
}

export const rssOf = (stage: Stage, side: Side): number => usageOf(stage.workers[side].pid).rssBytes;
