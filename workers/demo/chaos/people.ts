import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { listWaiting } from '../../../client/cli/temporal-approvals.ts';
import type { OpenRequest } from '../../../contracts/messages.ts';
import type { Stage } from '../stage.ts';
import type { Cases, ChaosCase } from './cases.ts';

const LOOK_MS = 500;
const OPERATIONS = 'marta.lindqvist';
const RETRY = { verdict: 'retry', reason: 'the provider answers again' } as const;

interface Seats extends Pick<Stage, 'governor' | 'answer'> {
  readonly client: Client;
  readonly cases: Cases;
  /** Whom nobody answers here: an act does that by itself. */
  readonly leftAlone: ReadonlySet<string>;
}

/** The people of the house, and customers: they say what the examples have them say, and operations see to what broke. */
export class People {
  /** What waits for operations, by the case. */
  readonly exceptions = new Map<string, OpenRequest>();
  /** How often operations have let something go on. */
  retries = 0;
  readonly #seats: Seats;
  /** How many of its example's answers a case has had. */
  readonly #said = new Map<string, number>();
  #mayGoOn = false;

  constructor(seats: Seats) {
    this.#seats = seats;
  }

  /** Answers until it is over. */
  async sit(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      // The server or a worker may be too busy for a look; the next one sees the same.
      await this.#look().catch(() => undefined);
      await sleep(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }

  /** From now on operations say retry to what broke: one first, to see whether it holds, then all. */
  letGoOn(): void {
    this.#mayGoOn = true;
  }

  async #look(): Promise<void> {
    const { client, cases, leftAlone } = this.#seats;
    const waiting = new Set((await listWaiting(client)).map((request) => request.case));
    const asking = cases.open.filter(({ run }) => waiting.has(run.workflowId) && !leftAlone.has(run.workflowId));
    await Promise.all(asking.map((one) => this.#hear(one)));
  }

  async #hear(one: ChaosCase): Promise<void> {
    const [request] = (await this.#seats.governor.status(one.run))?.waiting ?? [];
    if (request?.kind === 'exception') await this.#retry(one, request);
    else if (request) await this.#say(one, request);
  }

  async #retry({ run }: ChaosCase, request: OpenRequest): Promise<void> {
    this.exceptions.set(run.workflowId, request);
    const [first] = this.exceptions.keys();
    if (!this.#mayGoOn || (this.retries === 0 && first !== run.workflowId)) return;
    const { accepted } = await this.#seats.answer(run, request, OPERATIONS, RETRY);
    if (!accepted) return;
    this.retries += 1;
    this.exceptions.delete(run.workflowId);
  }

  /** An answer that is not taken is given again at the next look, to the request as it is then. */
  async #say({ run, example }: ChaosCase, request: OpenRequest): Promise<void> {
    const place = this.#said.get(run.workflowId) ?? 0;
    const foreseen = example.expected.answers[place];
    if (!foreseen) return;
    const { by, ...said } = foreseen;
    const { accepted } = await this.#seats.answer(run, request, by, said);
    if (accepted) this.#said.set(run.workflowId, place + 1);
  }
}
