import { setTimeout as wait } from 'node:timers/promises';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import type { LoadHouse } from './house.ts';

/** A case that was begun, or that the API would not begin. Times are milliseconds since 1970. */
export interface Arrival {
  readonly requestId: string;
  readonly begunAt: number;
  readonly case?: { readonly id: string; readonly run: string };
  readonly endedAt?: number;
  /** What the API said, where it did not begin it. */
  readonly refused?: string;
}

/**
 * Customers who come when they come: cases begin at a rate, evenly, however many are open. So a house that is too slow gets
 * no relief from its own slowness, as it would from callers who wait for one case before they begin the next.
 */
export interface Arrivals {
  readonly all: readonly Arrival[];
  /** @param rate cases a second */
  offer(rate: number, seconds: number): Promise<void>;
  open(): number;
  /** Waits until no case is open, and says for how many seconds; no longer than `patienceS`. */
  drain(patienceS: number): Promise<number>;
  /** Looks no longer after cases that are open. */
  stop(): void;
}

const PAUSE_MS = 1000;

export function openArrivals({ rig, api, book }: LoadHouse): Arrivals {
  const all: Arrival[] = [];
  const going = new Set<Promise<void>>();
  const stopping = new AbortController();

  const oneCase = async (at: number): Promise<void> => {
    const input = book.next();
    const arrival = { requestId: input.requestId, begunAt: Date.now() };
    all[at] = arrival;
    try {
      const { case: id, run } = await api.start('onboardCustomer', input, { key: input.requestId });
      const begun = { ...arrival, case: { id, run } };
      all[at] = begun;
      if (await hasEnded(rig.client, { id, run }, stopping.signal)) all[at] = { ...begun, endedAt: Date.now() };
    } catch (error) {
      all[at] = { ...arrival, refused: error instanceof Error ? error.message : String(error) };
    }
  };

  return {
    all,
    offer: async (rate, seconds) => {
      const began = performance.now();
      for (let number = 0; number < Math.round(rate * seconds); number++) {
        await wait(Math.max(0, began + (number * 1000) / rate - performance.now()));
        const one = oneCase(all.length).finally(() => going.delete(one));
        going.add(one);
      }
      await wait(Math.max(0, began + seconds * 1000 - performance.now()));
    },
    open: () => going.size,
    drain: async (patienceS) => {
      const began = performance.now();
      const late = new AbortController();
      const patience = wait(patienceS * 1000, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([Promise.all(going), patience]);
      late.abort();
      return (performance.now() - began) / 1000;
    },
    stop: () => stopping.abort(),
  };
}

/** Waits for the end of a case. How it ended is read where it ended up; a server that does not answer has not said an end. */
async function hasEnded(
  client: Client,
  { id, run }: NonNullable<Arrival['case']>,
  stopping: AbortSignal,
): Promise<boolean> {
  const handle = client.workflow.getHandle(id, run);
  while (!stopping.aborted) {
    try {
      await client.withAbortSignal(stopping, () => handle.result());
      return true;
    } catch (error) {
      if (error instanceof WorkflowFailedError) return true;
      await wait(PAUSE_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return false;
}
