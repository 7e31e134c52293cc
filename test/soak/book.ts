import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem } from '../../client/api-client.ts';
import { type CaseEnd, endOfCase } from '../../client/case-end.ts';
import { ANSWER } from '../../contracts/messages.ts';
import type { SoakHouse } from './house.ts';
import { KINDS, type Kind } from './kinds.ts';

/** A request that a case has put to people. */
export interface Asked {
  readonly approval: string;
  readonly kind: string;
  /** Why it was asked; for an exception, the type of the failure. */
  readonly rule: string;
  readonly foreseen: boolean;
}

/** A case of the run. */
export interface BookedCase {
  readonly number: number;
  readonly kind: Kind;
  readonly requestId: string;
  readonly id: string;
  readonly runId: string;
  /** As many ids as the caller was given, who asked again under the same key. */
  readonly ids: readonly string[];
  readonly asked: Map<string, Asked>;
  end?: CaseEnd;
}

const AGAIN_MS = 500;
/** Each so-manieth start is sent twice at once, and each so-manieth case hears an answer before it has asked anything. */
const TWICE_EVERY = 5;
const EARLY_EVERY = 4;

/** Starts the cases of the run, one of each kind in turn, and knows them all. */
export class Book {
  readonly cases: BookedCase[] = [];
  readonly #byId = new Map<string, BookedCase>();
  readonly #house: SoakHouse;
  earlySignals = 0;

  constructor(house: SoakHouse) {
    this.#house = house;
  }

  byId(id: string): BookedCase | undefined {
    return this.#byId.get(id);
  }

  get open(): BookedCase[] {
    return this.cases.filter(({ end }) => !end);
  }

  /** Starts case `number`, 1 and up, and comes back when it has ended. */
  async run(number: number): Promise<void> {
    const kind = KINDS[(number - 1) % KINDS.length];
    if (!kind) throw new Error('a mix without kinds');
    const requestId = `SOAK-${String(number).padStart(5, '0')}`;
    const input = kind.input(number, requestId);
    const start = () => this.#startSurely(kind, input, requestId);
    const started = await Promise.all(number % TWICE_EVERY === 0 ? [start(), start()] : [start()]);
    const [first] = started;
    if (!first) throw new Error('nothing was started');
    const booked: BookedCase = {
      ...{ number, kind, requestId, id: first.case, runId: first.run },
      ids: started.map((one) => one.case),
      asked: new Map(),
    };
    this.cases.push(booked);
    this.#byId.set(booked.id, booked);
    if (number % EARLY_EVERY === 0) await this.#answerTooEarly(booked);
    booked.end = await this.#endOf(booked);
  }

  /** Whoever was not heard, or told that the server is away, asks again under the same key. */
  async #startSurely(kind: Kind, input: Readonly<Record<string, unknown>>, key: string) {
    for (;;) {
      try {
        return await this.#house.api('shop').start(kind.process, input as never, { key });
      } catch (error) {
        if (error instanceof ApiProblem && error.problem.status < 500) throw error;
        await wait(AGAIN_MS);
      }
    }
  }

  async #answerTooEarly({ id, runId, kind }: BookedCase): Promise<void> {
    const [answer] = kind.answers;
    if (!answer) return;
    const early = { ...answer, approval: 'createAccount-1', digest: 'deadbeef' };
    const sent = await this.#house.client.workflow
      .getHandle(id, runId)
      .signal(ANSWER, early)
      .then(
        () => 1,
        () => 0,
      );
    this.earlySignals += sent;
  }

  /** The server goes away now and then, and whoever waits asks anew. */
  async #endOf({ id: workflowId, runId }: BookedCase): Promise<CaseEnd> {
    for (;;) {
      try {
        return await endOfCase(this.#house.client, { workflowId, runId });
      } catch {
        await wait(AGAIN_MS);
      }
    }
  }
}
