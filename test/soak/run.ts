import { readFileSync } from 'node:fs';
import type { ServerChoice } from '../../workers/server.ts';
import { plentifulWorld } from '../support/crash/mixed-world.ts';
import { randomFrom } from '../support/random.ts';
import { Book } from './book.ts';
import { check, type Violation } from './checker.ts';
import { Sprinkler } from './deck.ts';
import type { Facts } from './facts.ts';
import { gather } from './gather.ts';
import { startSoakHouse } from './house.ts';
import { MODEL_FAULTS, startModelSide } from './model-side.ts';
import { People } from './people.ts';
import { STRIKES, Storm } from './storm.ts';
import { TOOL_FAULTS } from './tool-side.ts';

export interface SoakOptions {
  readonly cases: number;
  readonly seed: number;
  readonly server: ServerChoice;
  readonly bundlePath: string;
  /** Hears how it goes, in one line each. */
  readonly say: (words: string) => void;
}

/** What a run came to. */
export interface SoakResult {
  readonly facts: Facts;
  readonly violations: readonly Violation[];
  /** How often each fault happened. */
  readonly faults: Readonly<Record<string, number>>;
  readonly answersGiven: Readonly<Record<'api' | 'update' | 'signal', number>>;
  readonly earlySignals: number;
  readonly seconds: number;
}

/** Cases that are open at once. */
const OPEN = 24;
/** One strike of each kind for so many cases, */
const CASES_A_ROUND = 50;
/** and no more than so many: a strike takes some six seconds, however many cases there are. */
const MOST_ROUNDS = 50;
/** Calls for one fault on the wire, on average. */
const CALLS_A_FAULT = 20;
const MODEL_MS = { least: 30, more: 200 };
const TELL_EVERY_MS = 10_000;
const PEOPLE = new URL('../../prompts/directory.json', import.meta.url);

/** Runs so many cases through the whole house while everything around them breaks, and checks what is there when all is over. */
export async function soak({ cases, seed, server, bundlePath, say }: SoakOptions): Promise<SoakResult> {
  const random = randomFrom(seed);
  const began = Date.now();
  const modelFaults = new Sprinkler(MODEL_FAULTS, CALLS_A_FAULT, random);
  const toolFaults = new Sprinkler(TOOL_FAULTS, CALLS_A_FAULT, random);
  const models = await startModelSide(modelFaults, () => MODEL_MS.least + random.integer(MODEL_MS.more));
  const house = await startSoakHouse({ server, bundlePath, world: plentifulWorld(cases), models, toolFaults });
  try {
    const book = new Book(house);
    const people = new People(house, book, JSON.parse(readFileSync(PEOPLE, 'utf8')));
    const storm = new Storm(house, models, random);
    await storm.begin();
    let isOver = false;
    const answering = people.work(() => isOver);
    const tell = setInterval(() => say(progressOf(book, cases, began)), TELL_EVERY_MS);
    try {
      await runAll(cases, book, storm, say);
    } finally {
      clearInterval(tell);
      isOver = true;
      await answering;
    }
    say('all cases have ended; everybody who has kept something is asked.');
    const facts = await gather({ house, book, people, models });
    const faults = { ...modelFaults.deck.counts, ...toolFaults.deck.counts, ...storm.deck.counts };
    const seconds = Math.round((Date.now() - began) / 1000);
    const { given: answersGiven } = people;
    const violations = check(facts);
    if (violations.length > 0) say(`What the house had is kept in ${house.keepState()}.`);
    return { facts, violations, faults, answersGiven, earlySignals: book.earlySignals, seconds };
  } finally {
    await house.stop();
    await models.stop();
  }
}

/** Cases and strikes keep step with each other, so that each strike meets cases that are under way. */
async function runAll(cases: number, book: Book, storm: Storm, say: SoakOptions['say']): Promise<void> {
  const strikes = Math.min(Math.ceil(cases / CASES_A_ROUND), MOST_ROUNDS) * STRIKES.length;
  let started = 0;
  let struck = 0;
  const pace = new Pace();
  const dueAt = (strike: number): number => Math.floor(((strike + 0.5) / strikes) * cases);
  const oneAfterAnother = async (): Promise<void> => {
    while (started < cases) {
      await pace.until(() => struck >= strikes || started < dueAt(struck) + OPEN);
      if (started >= cases) return;
      started += 1;
      pace.moved();
      await book.run(started);
    }
  };
  const strikeInTurn = async (): Promise<void> => {
    while (struck < strikes) {
      await pace.until(() => started >= dueAt(struck));
      say(`${await storm.strike()} (${struck + 1} of ${strikes})`);
      struck += 1;
      pace.moved();
    }
  };
  await Promise.all([strikeInTurn(), ...Array.from({ length: OPEN }, oneAfterAnother)]);
}

/** Lets two sides wait for each other. */
class Pace {
  #waiting: (() => void)[] = [];

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  moved(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}

function progressOf({ cases, open }: Book, wanted: number, began: number): string {
  const seconds = Math.round((Date.now() - began) / 1000);
  const waiting = open.filter(({ asked }) => asked.size > 0).length;
  return `${seconds} s: ${cases.length} of ${wanted} cases begun, ${cases.length - open.length} ended, ${waiting} of those that are open have asked somebody`;
}
