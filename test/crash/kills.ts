import { parseArgs } from 'node:util';
import { CaseBook } from '../support/crash/case-book.ts';
import { MixedBook } from '../support/crash/mixed-book.ts';
import { plentifulWorld } from '../support/crash/mixed-world.ts';
import { killAtRandom } from '../support/crash/random-kills.ts';
import { startRig } from '../support/crash/rig.ts';
import { rigParts } from '../support/crash/rig-parts.ts';
import { randomFrom } from '../support/random.ts';

/** More than a run can begin. */
const MOST_CASES = 5000;

/**
 * `npm run crash -- --kills 200 --seed 1 [--only-onboarding]`: prints one JSON object, and ends well only if every count is
 * as it should be. All processes are at work side by side, or onboardings alone.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      open: { type: 'string', default: '12' },
      'only-onboarding': { type: 'boolean', default: false },
    },
  });
  const [kills, seed, open] = [Number(values.kills), Number(values.seed), Number(values.open)];
  const say = (words: string): void => console.error(words);
  const random = randomFrom(seed + 1);
  const rig = await startRig({
    ...(await rigParts(say)),
    signed: true,
    world: plentifulWorld(MOST_CASES),
    modelLatencyMs: () => 50 + random.integer(250),
  });
  try {
    const book = values['only-onboarding'] ? new CaseBook(rig) : new MixedBook(rig);
    const report = await killAtRandom(rig, { kills, seed, open, say, book });
    console.log(JSON.stringify(report, null, 2));
    const { cases, done, notOnce, callsAfterCheckpoint, callsAfterTool, overCap, goesOnMs } = report;
    const well =
      cases === done &&
      notOnce.length === 0 &&
      callsAfterCheckpoint + callsAfterTool === 0 &&
      overCap.length === 0 &&
      goesOnMs.longest <= 10_000;
    return well ? 0 : 1;
  } finally {
    await rig.stop();
  }
}

process.exitCode = await main();
