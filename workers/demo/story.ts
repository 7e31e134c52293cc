import { setTimeout as sleep } from 'node:timers/promises';
import { pageAtThree } from './page-at-three.ts';
import { plug } from './plug.ts';
import { runaway } from './runaway.ts';
import type { Shown, Stage } from './stage.ts';
import { yourTurn } from './your-turn.ts';

const ACTS = [pageAtThree, runaway, plug, yourTurn];
/** For those who read along, milliseconds. */
const BREATH_MS = 4000;

/** Four acts, one after the other. */
export async function tellStory(stage: Stage): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const act of ACTS) {
    if (shown.length > 0 && stage.hasPerson) await sleep(BREATH_MS, undefined, { signal: stage.stopping });
    shown.push(await act(stage));
  }
  return shown;
}
