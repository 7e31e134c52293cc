import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 250;

/** Asks again and again until there is an answer that holds; nothing where that takes longer than `patienceMs`. */
export async function until<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  patienceMs: number,
  stopping: AbortSignal,
): Promise<T | undefined> {
  const giveUpAt = Date.now() + patienceMs;
  while (Date.now() < giveUpAt) {
    const answer = await ask();
    if (answer) return answer;
    await sleep(LOOK_MS, undefined, { signal: stopping });
  }
  return undefined;
}
