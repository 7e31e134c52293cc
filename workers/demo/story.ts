import { setTimeout as sleep } from 'node:timers/promises';
import { pageAtThree } from './page-at-three.ts';
import { plug } from './plug.ts';
import { rollBack } from './roll-back.ts';
import { runaway } from './runaway.ts';
import type { Shown, Stage } from './stage.ts';
import { yourTurn } from './your-turn.ts';

/** What happens by itself; then what waits for a person, and a prompt that goes back. */
const ACTS = [pageAtThree, runaway, plug];
/** Longer than any act takes on a slow machine, milliseconds. */
const PATIENCE_MS = 120_000;
/** For those who read along, milliseconds. */
const BREATH_MS = 4000;

/**
 * Five acts, one after the other.
 * @throws Error where one does not come to its end
 */
export async function tellStory(stage: Stage): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const act of ACTS) {
    shown.push(await inTime(act(stage)));
    if (stage.hasPerson) await sleep(BREATH_MS, undefined, { signal: stage.stopping });
  }
  return [...shown, await yourTurn(stage), await inTime(rollBack(stage))];
}

/** An act waits for Temporal; with the server or the workers gone it would do so for ever. */
function inTime<T>(act: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    const words = `This act did not come to its end within ${PATIENCE_MS / 1000} s.`;
    setTimeout(() => reject(new Error(words)), PATIENCE_MS).unref();
  });
  return Promise.race([act, late]);
}
