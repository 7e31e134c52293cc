import { setTimeout as wait } from 'node:timers/promises';
import type { Said } from '../../client/answering.ts';
import { signAnswer } from '../../client/answering.ts';
import type { ApprovalRow } from '../../client/http/shapes.ts';
import { sendAnswer } from '../../client/send-answer.ts';
import { Directory, type Person } from '../../contracts/directory.ts';
import { ANSWER, type AnswerInput, type CaseStatus, STATUS } from '../../contracts/messages.ts';
import type { Foreseen } from '../support/crash/book.ts';
import type { Book, BookedCase } from './book.ts';
import type { SoakHouse } from './house.ts';

const LOOK_MS = 500;
/** An answer that may have been lost is given again after so long. */
const AGAIN_MS = 4000;
const RAISE_MICRO_USD = 100_000;
/** Whoever looks after operations lets a step go on, and at each so-manieth one says that the case is to end. */
const ABORT_EVERY = 10;
const OPERATIONS = 'tomas.okonjo';

/** People's answers that came when somebody had decided already. */
export interface Late {
  sent: number;
  accepted: number;
}

/**
 * The people of the run: they read the list of open requests, and say what the story has them say, at the API, by
 * Update or by Signal, in turns and often twice.
 */
export class People {
  readonly late: Late = { sent: 0, accepted: 0 };
  readonly given = { api: 0, update: 0, signal: 0 };
  readonly #house: SoakHouse;
  readonly #book: Book;
  readonly #directory: readonly Person[];
  readonly #said = new Map<string, number>();
  #exceptions = 0;
  #turn = 0;

  constructor(house: SoakHouse, book: Book, directory: unknown) {
    this.#house = house;
    this.#book = book;
    this.#directory = Directory.parse(directory).people;
  }

  /** Looks on until the run is over. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await wait(LOOK_MS);
      const { approvals } = await this.#house
        .api('watcher')
        .approvals({ limit: 1000 })
        .catch(() => ({ approvals: [] }));
      await Promise.all(approvals.map((row) => this.#look(row).catch(() => undefined)));
    }
  }

  async #look(row: ApprovalRow): Promise<void> {
    const booked = this.#book.byId(row.case);
    if (!booked) return;
    const answer = this.#answerTo(booked, row);
    if (!answer) return;
    const key = `${row.case} ${row.approval}`;
    if (Date.now() - (this.#said.get(key) ?? 0) < AGAIN_MS) return;
    this.#said.set(key, Date.now());
    await this.#give(row, answer);
  }

  /** What the story foresees in its order; what it does not foresee is for operations. */
  #answerTo(booked: BookedCase, { approval, kind, rule }: ApprovalRow): Foreseen | undefined {
    const { asked } = booked;
    const foreseen = kind !== 'exception' && kind !== 'budget';
    if (!asked.has(approval)) asked.set(approval, { approval, kind, rule, foreseen });
    if (kind === 'budget') return { verdict: 'raise', amountMicroUsd: RAISE_MICRO_USD, by: OPERATIONS };
    if (kind === 'exception') return this.#aboutException(approval, booked);
    const place = [...asked.values()].filter((one) => one.foreseen).findIndex((one) => one.approval === approval);
    return booked.kind.answers[place];
  }

  readonly #verdicts = new Map<string, Foreseen>();

  #aboutException(approval: string, { id }: BookedCase): Foreseen {
    const key = `${id} ${approval}`;
    const known = this.#verdicts.get(key);
    if (known) return known;
    this.#exceptions += 1;
    const verdict = this.#exceptions % ABORT_EVERY === 0 ? 'abort' : 'retry';
    const said: Foreseen = { verdict, by: OPERATIONS };
    this.#verdicts.set(key, said);
    return said;
  }

  async #give(row: ApprovalRow, answer: Foreseen): Promise<void> {
    const isCustomer = row.role === 'customer';
    this.#turn += 1;
    const ways = isCustomer ? (['update', 'signal'] as const) : (['api', 'update', 'signal'] as const);
    const way = ways[this.#turn % ways.length] ?? 'update';
    if (way === 'api') await this.#atTheApi(row, answer);
    else await this.#signed(row, answer, way);
    this.given[way] += 1;
  }

  /** The second of two equal answers comes too late. */
  async #atTheApi({ case: id, approval, digest }: ApprovalRow, { by, ...said }: Foreseen): Promise<void> {
    const send = () => this.#house.api(by).answer(id, approval, { ...said, digest });
    await send();
    this.#count(
      await send().then(
        () => true,
        () => false,
      ),
    );
  }

  async #signed({ case: id, run, approval }: ApprovalRow, answer: Foreseen, way: 'update' | 'signal'): Promise<void> {
    const handle = this.#house.client.workflow.getHandle(id, run);
    const { waiting } = await handle.query<CaseStatus>(STATUS);
    const request = waiting.find((one) => one.approval === approval);
    if (!request) return;
    const { by, ...said } = answer;
    const signed = await signAnswer(this.#house.signer, this.#directory, by, id, request, said as Said);
    if (way === 'signal') {
      await handle.signal(ANSWER, signed);
      await handle.signal(ANSWER, signed);
      return;
    }
    const send = (one: AnswerInput) => sendAnswer(handle, one);
    const { accepted } = await send(signed);
    if (accepted) this.#count((await send(signed)).accepted);
  }

  #count(accepted: boolean): void {
    this.late.sent += 1;
    if (accepted) this.late.accepted += 1;
  }
}
