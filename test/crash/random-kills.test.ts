import { expect, inject, it } from 'vitest';
import { killAtRandom } from '../support/crash/random-kills.ts';
import { startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { randomFrom } from '../support/random.ts';

const KILLS = 12;
const SEED = 7;

it(`does everything once and pays for nothing twice when workers are killed at ${KILLS} random instants (PF-42, PF-46, CD-75)`, async () => {
  const random = randomFrom(SEED);
  const rig = await startRig({
    ...rigServer(),
    bundlePath: inject('bundlePath'),
    modelLatencyMs: () => 50 + random.integer(250),
  });
  try {
    const report = await killAtRandom(rig, { kills: KILLS, seed: SEED, open: 8 });
    console.log(JSON.stringify(report));
    expect(report).toMatchObject({
      done: report.cases,
      effectsFound: report.effectsWanted,
      notOnce: [],
      callsAfterCheckpoint: 0,
      callsAfterTool: 0,
      overCap: [],
    });
    expect(report.cutOff).toBeGreaterThan(0);
    expect(report.goesOnMs.longest).toBeLessThan(10_000);
  } finally {
    await rig.stop();
  }
}, 120_000);
