import { appendFileSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { MixedBook } from '../support/crash/mixed-book.ts';
import { plentifulWorld } from '../support/crash/mixed-world.ts';
import { keepOpen } from '../support/crash/random-kills.ts';
import { type Rig, type RigWorker, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { allOnce, tally } from '../support/crash/tally.ts';

const OPEN = 8;
/** For so long cases come to each build alone. */
const UNDER_WAY_MS = 4000;

let rig: Rig;
const otherBuild = mkdtempSync(join(tmpdir(), 'governor-other-build-'));
beforeAll(async () => {
  const bundlePath = inject('bundlePath');
  const other = join(otherBuild, basename(bundlePath));
  copyFileSync(bundlePath, other);
  appendFileSync(other, '\n// Built anew.\n');
  rig = await startRig({
    ...rigServer(),
    bundlePath,
    signed: true,
    world: plentifulWorld(200),
    modelLatencyMs: () => 100,
  });
});
afterAll(async () => {
  await rig?.stop();
  rmSync(otherBuild, { recursive: true, force: true });
});

/** Who began the activities of a case. */
async function workersOf(id: string): Promise<Set<string>> {
  const { events } = await rig.client.workflow.getHandle(id).fetchHistory();
  return new Set((events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes?.identity ?? []));
}

it('while cases come in, another build takes the place of the one that runs, and no case fails or is done twice (CD-77)', async () => {
  const book = new MixedBook(rig);
  const old: RigWorker[] = await Promise.all([1, 2, 3].map(() => rig.startWorker()));
  const supply = keepOpen(rig, book, OPEN);
  await sleep(UNDER_WAY_MS);
  const next: RigWorker[] = [];
  for (const worker of old) {
    next.push(await rig.startWorker({ GOVERNOR_BUNDLE_DIR: otherBuild }));
    await worker.stop('SIGTERM');
  }
  await sleep(UNDER_WAY_MS);
  const { peopleAsked, answersGiven } = await supply.end();
  const report = await tally(rig, book, [], new Set());
  expect(report).toMatchObject(allOnce(report));
  expect(peopleAsked).toBe(0);
  expect(answersGiven).toBeGreaterThan(0);
  const workers = await Promise.all(book.cases.map(({ id }) => workersOf(id)));
  const had = (these: readonly RigWorker[]) => (seen: Set<string>) => these.some(({ identity }) => seen.has(identity));
  const gone = workers.filter(had(old));
  expect(gone.filter(had(next)).length).toBeGreaterThan(0);
  expect(workers.filter((seen) => !had(old)(seen)).length).toBeGreaterThan(0);
}, 180_000);
