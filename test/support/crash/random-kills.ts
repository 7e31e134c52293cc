import { setTimeout as wait } from 'node:timers/promises';
import { type CaseStatus, STATUS } from '../../../contracts/messages.ts';
import { randomFrom } from '../random.ts';
import type { Book } from './book.ts';
import { CaseBook } from './case-book.ts';
import type { Rig, RigWorker } from './rig.ts';
import { type Pending, viewCase } from './server-view.ts';
import { type Acknowledged, type Tally, tally } from './tally.ts';

export interface KillReport extends Tally {
  readonly kills: number;
  readonly seed: number;
  /** Activities that were at work in a worker when it was killed. */
  readonly cutOff: number;
  /** From a kill until each of them was at work again, milliseconds. */
  readonly goesOnMs: { readonly median: number; readonly longest: number };
  /** How often a step had used up its patience, and a person let it go on. */
  readonly peopleAsked: number;
  /** Answers that people gave where the story asks for them. */
  readonly answersGiven: number;
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** Cases that are open at once. */
  readonly open: number;
  readonly say?: (words: string) => void;
  /** The cases that are at work; onboardings where nothing is said. */
  readonly book?: Book;
}

const MOST_PAUSE_MS = 1500;
const POLL_MS = 100;
const DOWN_MS = 30_000;
const PEOPLE_LOOK_MS = 2000;

/** Kills one of two workers at random instants, again and again, while cases are at work, and counts when all is over. */
export async function killAtRandom(
  rig: Rig,
  { kills, seed, open, say = () => undefined, book = new CaseBook(rig) }: KillOptions,
): Promise<KillReport> {
  const random = randomFrom(seed);
  const workers: RigWorker[] = await Promise.all([rig.startWorker(), rig.startWorker()]);
  const killed = new Set<string>();
  const checkpoints: Acknowledged[] = [];
  const recoveries: Promise<number>[] = [];
  const supply = keepOpen(rig, book, open);
  for (let kill = 1; kill <= kills; kill++) {
    await wait(random.integer(MOST_PAUSE_MS));
    const [victim] = workers.splice(random.integer(workers.length), 1);
    if (!victim) throw new Error('no worker is left to kill');
    await victim.stop('SIGKILL');
    const at = Date.now();
    killed.add(victim.key);
    const cutOff = await cutOffBy(victim, rig, supply.open());
    checkpoints.push(...cutOff.filter((each): each is Pending & Acknowledged => each.acknowledged !== undefined));
    recoveries.push(...cutOff.map((each) => untilGoesOn(rig, each, at)));
    workers.push(await rig.startWorker());
    if (kill % 10 === 0)
      say(`${kill} kills, ${book.cases.length} cases, ${cutOff.length} activities cut off by the last one`);
  }
  const people = await supply.end();
  const times = (await Promise.all(recoveries)).toSorted((one, other) => one - other);
  const goesOnMs = { median: times[Math.floor(times.length / 2)] ?? 0, longest: times.at(-1) ?? 0 };
  return { kills, seed, cutOff: times.length, goesOnMs, ...people, ...(await tally(rig, book, checkpoints, killed)) };
}

/** Starts another case whenever one ends, and answers as a person where one has to. */
export function keepOpen(rig: Rig, book: Book, count: number) {
  const open = new Set<string>();
  let going = true;
  const oneAfterAnother = async (): Promise<void> => {
    while (going) {
      const { id, handle } = await book.begin();
      open.add(id);
      await handle.result().catch(() => undefined);
      open.delete(id);
    }
  };
  const letEachGoOn = async (): Promise<People> => {
    const people = { peopleAsked: 0, answersGiven: 0 };
    while (going || open.size > 0) {
      await wait(PEOPLE_LOOK_MS);
      await Promise.all([...open].map((id) => answerFor(rig, book, id, people).catch(() => undefined)));
    }
    return people;
  };
  const people = letEachGoOn();
  const lanes = Array.from({ length: count }, oneAfterAnother);
  const end = async (): Promise<People> => {
    going = false;
    await Promise.all(lanes);
    return people;
  };
  return { open: (): string[] => [...open], end };
}

type People = { -readonly [K in 'peopleAsked' | 'answersGiven']: KillReport[K] };

/** People say what the story has them say; a step that met many kills in a row waits for one, who lets it go on. */
async function answerFor(rig: Rig, book: Book, id: string, people: People): Promise<void> {
  const booked = book.cases.find((each) => each.id === id);
  const { waiting = [] } = (await booked?.handle.query<CaseStatus>(STATUS)) ?? {};
  const run = { workflowId: id, runId: booked?.runId ?? '' };
  for (const request of waiting) {
    const foreseen = book.foreseen(id, request);
    const { by, ...said } = foreseen ?? { verdict: 'retry' as const, by: 'marta.lindqvist' };
    const { accepted } = await rig.answer(run, request, by, said);
    if (accepted) people[foreseen ? 'answersGiven' : 'peopleAsked'] += 1;
  }
}

/** What a dead worker had been at, in the words of the server. */
async function cutOffBy(victim: RigWorker, rig: Rig, open: readonly string[]): Promise<Pending[]> {
  const views = await Promise.all(open.map((id) => viewCase(rig.client, id)));
  return views.flatMap(({ pending }) => pending.filter(({ worker, started }) => started && worker === victim.identity));
}

/** Milliseconds from the kill until another attempt is at work, or has been. */
async function untilGoesOn(rig: Rig, { caseId, activityId, attempt }: Pending, killedAt: number): Promise<number> {
  while (Date.now() - killedAt < DOWN_MS) {
    const { pending } = await viewCase(rig.client, caseId);
    const now = pending.find((each) => each.activityId === activityId);
    // The one after the next attempt tells that the next one has been.
    if (!now || now.attempt > attempt + 1 || (now.attempt > attempt && now.started)) return Date.now() - killedAt;
    await wait(POLL_MS);
  }
  return DOWN_MS;
}
