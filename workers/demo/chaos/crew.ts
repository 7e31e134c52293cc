import { type BreakerRow, breakersIn } from '../../../client/cli/house-look.ts';
import type { Child } from '../../child.ts';

/** A worker process of the evening. */
export interface Worker {
  /** As the providers and its metrics know it: `worker-1`. */
  readonly name: string;
  readonly child: Child;
  killed: boolean;
}

/** Every worker that was started, the dead ones too. */
export class Crew {
  readonly all: Worker[] = [];
  readonly #firstMetricsPort: number;

  constructor(firstMetricsPort: number) {
    this.#firstMetricsPort = firstMetricsPort;
  }

  /** In the order in which the house has started them. */
  join(child: Child): Worker {
    const worker = { name: `worker-${this.all.length + 1}`, child, killed: false };
    this.all.push(worker);
    return worker;
  }

  get alive(): Worker[] {
    return this.all.filter(({ killed }) => !killed);
  }

  /** The worker behind an identity such as `4711@host`. */
  nameOf(identity: string): string {
    return this.all.find(({ child }) => identity.startsWith(`${child.pid}@`))?.name ?? identity;
  }

  /** Breakers that are not closed, by the metrics of each worker. */
  async openBreakers(): Promise<(BreakerRow & { readonly worker: string })[]> {
    const told = await Promise.all(this.alive.map((worker) => this.#breakersOf(worker)));
    return told.flat().filter(({ state }) => state !== 'closed');
  }

  async #breakersOf(worker: Worker): Promise<(BreakerRow & { readonly worker: string })[]> {
    const port = this.#firstMetricsPort + this.all.indexOf(worker);
    const url = `http://127.0.0.1:${port}/metrics`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(METRICS_MS) }).catch(() => undefined);
    const rows = answer?.ok ? breakersIn(await answer.text()) : [];
    return rows.map((row) => ({ ...row, worker: worker.name }));
  }
}

const METRICS_MS = 1000;
