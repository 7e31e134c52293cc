import { expect, inject, it } from 'vitest';
import { MixedBook } from '../support/crash/mixed-book.ts';
import { plentifulWorld } from '../support/crash/mixed-world.ts';
import { killAtRandom } from '../support/crash/random-kills.ts';
import { startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { allOnce } from '../support/crash/tally.ts';
import { randomFrom } from '../support/random.ts';

const KILLS = 12;
const SEED = 7;

it(`does everything of all processes once and pays for nothing twice when workers are killed at ${KILLS} random instants (PF-42, PF-46, CD-75)`, async () => {
  const random = randomFrom(SEED);
  const rig = await startRig({
    ...rigServer(),
    bundlePath: inject('bundlePath'),
    signed: true,
    world: plentifulWorld(200),
    modelLatencyMs: () => 50 + random.integer(250),
  });
  try {
    const report = await killAtRandom(rig, { kills: KILLS, seed: SEED, open: 8, book: new MixedBook(rig) });
    console.log(JSON.stringify(report));
    expect(report).toMatchObject(allOnce(report));
    expect(report.answersGiven).toBeGreaterThan(0);
    expect(report.cutOff).toBeGreaterThan(0);
    expect(report.goesOnMs.longest).toBeLessThan(10_000);
  } finally {
    await rig.stop();
  }
}, 180_000);
