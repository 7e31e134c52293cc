import { randomBytes } from 'node:crypto';
import type { Principal } from '../access/principal.ts';
import { visible } from '../access/routes.ts';
import { pause, type Stream } from '../sse.ts';
import type { Board } from './board.ts';
import type { Change } from './changes.ts';

/** So many changes are kept for callers that were away. */
const KEPT = 2000;
/** How soon a change that was seen goes out, milliseconds. */
const TICK_MS = 100;
/** How long the board is looked at after the last caller has left, milliseconds. */
const STAY_MS = 30_000;

interface Numbered extends Change {
  readonly number: number;
}

/** What happened on the board, numbered, so that whoever comes back hears what was missed. */
export interface ApprovalNews {
  tell(principal: Principal, stream: Stream): Promise<void>;
}

/** Numbers are good within one process; whoever comes back to another one is told to read the list anew (`reset`). */
export function createApprovalNews(board: Board): ApprovalNews {
  const epoch = randomBytes(6).toString('hex');
  const kept: Numbered[] = [];
  let last = 0;
  let streams = 0;
  let stopListening: (() => void) | undefined;
  let leaving: NodeJS.Timeout | undefined;
  const hear = (changes: readonly Change[]): void => {
    for (const change of changes) {
      last += 1;
      kept.push({ ...change, number: last });
    }
    if (kept.length > KEPT) kept.splice(0, kept.length - KEPT);
  };
  /** Nothing where it can't be told what was missed. */
  const placeOf = (since: string | undefined): number | undefined => {
    if (since === undefined) return last;
    const [of, number] = since.split(':');
    const place = Number(number);
    const isKnown = of === epoch && Number.isSafeInteger(place) && place <= last;
    return isKnown && place >= last - kept.length ? place : undefined;
  };
  const enter = (): void => {
    streams += 1;
    clearTimeout(leaving);
    stopListening ??= board.listen(hear);
  };
  /** Whoever comes back soon has missed nothing; after that, nobody knows what happened. */
  const leave = (): void => {
    streams -= 1;
    if (streams > 0) return;
    leaving = setTimeout(() => {
      stopListening?.();
      stopListening = undefined;
      kept.length = 0;
      last += 1;
    }, STAY_MS);
    leaving.unref();
  };
  return {
    tell: async (principal, { send, over, since }) => {
      enter();
      try {
        // What is there when the first one comes is in that one's list, and no news.
        await board.rows().catch(() => []);
        let place = placeOf(since);
        if (place === undefined) await send({ event: 'reset', id: `${epoch}:${last}`, data: {} });
        place ??= last;
        while (!over.aborted) {
          for (const { number, event, of } of kept.filter((each) => each.number > (place ?? 0))) {
            place = number;
            if (visible(principal, of.owner, 'approvals.events'))
              await send({ event, id: `${epoch}:${number}`, data: of.row });
          }
          await pause(TICK_MS, over);
        }
      } finally {
        leave();
      }
    },
  };
}
