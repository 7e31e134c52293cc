/**
 * `npm run load`: raises the load of 1, 2 and 4 workers until they do not hold it, with a model that takes 1 s, and then
 * that of one worker with the SDK's own slots, which shows what the machine holds. docs/performance.md has the method.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { rigParts } from '../support/crash/rig-parts.ts';
import { openArrivals } from './arrivals.ts';
import { CALLS, type Climb, type ClimbPlan, climb } from './climb.ts';
import { LEGEND, limitOf, ratioOf, tables } from './figures.ts';
import { type LoadHouseOptions, startLoadHouse } from './house.ts';

const LATENCY_MS = 1000;
const FACTOR = 1.35;
const MOST_STEPS = 10;
/** With stated slots a climb begins at half of what they would let through if a step were its model call alone. */
const FROM_SHARE = 0.5;
/** With the SDK's slots it begins here, cases a second. */
const FROM_SDK = 2;
const TIMES = { stepS: 24, settleS: 10, patienceS: 120 } as const;

type Parts = Pick<LoadHouseOptions, 'server' | 'bundlePath'>;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      workers: { type: 'string', default: '1,2,4' },
      slots: { type: 'string', default: '8' },
      'only-scaling': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const say = (words: string): void => console.error(words);
  const began = performance.now();
  const parts = await rigParts(say);
  const slots = Number(values.slots);
  const climbs = await climbAll(parts, slots, values.workers.split(',').map(Number), fromWith(slots), say);
  if (!values['only-scaling']) climbs.push(...(await climbAll(parts, undefined, [1], FROM_SDK, say)));
  const failures = climbs.flatMap((each) => each.failures);
  for (const failure of failures) say(failure);
  const seconds = Math.round((performance.now() - began) / 1000);
  const machine = { cores: cpus().length, loadAtTheEnd: loadavg()[0] };
  if (values.json) {
    const limits = climbs.map((each) => ({ ...each, limit: limitOf(each) }));
    console.log(JSON.stringify({ seconds, machine, latencyMs: LATENCY_MS, scaling: ratioOf(climbs), climbs: limits }));
  } else console.log(`\n${tables(climbs)}\n\n${LEGEND} ${machine.cores} cores, ${seconds} s.`);
  return failures.length === 0 ? 0 : 1;
}

const fromWith = (slots: number): number => (FROM_SHARE * slots) / (CALLS * (LATENCY_MS / 1000));

/** One house that gets more workers and is otherwise left as it is. Where cases are left open, nobody climbs on top of them. */
async function climbAll(
  parts: Parts,
  slots: number | undefined,
  workers: readonly number[],
  from: number,
  say: (words: string) => void,
): Promise<Climb[]> {
  const house = await startLoadHouse({ ...parts, slots, latencyMs: LATENCY_MS });
  const arrivals = openArrivals(house);
  try {
    const climbs: Climb[] = [];
    for (const wanted of workers) {
      await house.growTo(wanted);
      const plan: ClimbPlan = { ...TIMES, ladder: { from: from * wanted, factor: FACTOR, most: MOST_STEPS } };
      climbs.push(await climb(house, arrivals, plan, say));
      if (arrivals.open() > 0) break;
    }
    return climbs;
  } finally {
    arrivals.stop();
    await house.stop();
  }
}

process.exitCode = await main();
