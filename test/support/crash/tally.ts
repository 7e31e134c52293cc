import type { CaseStatus } from '../../../contracts/messages.ts';
import { STATUS } from '../../../contracts/messages.ts';
import type { Book } from './book.ts';
import type { Rig } from './rig.ts';
import { type DoneStep, doneSteps } from './server-view.ts';

/** A checkpoint that the server had acknowledged when the worker behind it was killed. */
export interface Acknowledged {
  readonly caseId: string;
  readonly activityId: string;
  readonly acknowledged: number;
}

/** What the far sides and histories say when all is over. */
export interface Tally {
  readonly cases: number;
  readonly done: number;
  readonly effectsWanted: number;
  readonly effectsFound: number;
  /** Business steps whose effect is not there exactly once. */
  readonly notOnce: readonly string[];
  readonly modelCalls: number;
  /** Calls whose answer died with its worker before it was acknowledged, so that the model was asked again. */
  readonly askedAgain: number;
  readonly checkpointsAtKills: number;
  readonly callsAfterCheckpoint: number;
  /** Calls for a step whose tool had been called already, which nobody may do before the checkpoint is acknowledged. */
  readonly callsAfterTool: number;
  /** Cases that spent more than their cap. */
  readonly overCap: readonly string[];
  readonly repeatedDeliveries: number;
}

/** What a tally says where everything was done once, and nothing was paid for that was there already. */
export const allOnce = ({ cases, effectsWanted }: Tally) => ({
  done: cases,
  effectsFound: effectsWanted,
  notOnce: [],
  callsAfterCheckpoint: 0,
  callsAfterTool: 0,
  overCap: [],
});

/** @param killed keys, as the model knows them, of the workers that were killed */
export async function tally(
  rig: Rig,
  book: Book,
  checkpoints: readonly Acknowledged[],
  killed: ReadonlySet<string>,
): Promise<Tally> {
  const ids = book.cases.map(({ id }) => id);
  const ends = await eachOf(book.cases, ({ handle }) => handle.query<CaseStatus>(STATUS));
  const steps = (await eachOf(ids, (id) => doneSteps(rig.client, id))).flat();
  const used = new Set(steps.map(({ answer }) => answer));
  const unused = rig.model.asks.filter(({ id }) => !used.has(id));
  // Whoever was not killed has no reason to ask and not to use the answer.
  const needless = unused.filter(({ worker }) => !killed.has(worker));
  const counts = await rig.counts();
  const found = book.effects(counts);
  const lost = found.filter(({ times }) => times !== 1).map(({ id, effect, times }) => `${id}: ${times} × ${effect}`);
  return {
    cases: ids.length,
    done: ends.filter(({ outcome }, at) => outcome === book.cases[at]?.outcome).length,
    effectsWanted: found.length,
    effectsFound: found.reduce((sum, { times }) => sum + times, 0),
    notOnce: lost,
    modelCalls: rig.model.asks.length,
    askedAgain: unused.length,
    checkpointsAtKills: checkpoints.length,
    callsAfterCheckpoint: needless.length + checkpoints.filter((each) => !wasUsed(each, steps)).length,
    callsAfterTool: callsAfterTool(rig, book),
    overCap: ends.flatMap(({ budget }, index) =>
      budget.spentMicroUsd + budget.reservedMicroUsd <= budget.capMicroUsd ? [] : [ids[index] ?? ''],
    ),
    repeatedDeliveries: counts.repeatedDeliveries,
  };
}

const AT_ONCE = 20;

/** A thousand at once would time out: a worker has to replay each case that it is asked about. */
async function eachOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    results.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(ask))));
  return results;
}

/** An audit's question names no case, so it is not among these; and notices to people are no step's calls. */
function callsAfterTool({ model, tools }: Rig, book: Book): number {
  const firstCalls = new Map(
    tools.calls.toReversed().map(({ body, at }) => [`${book.caseOf(body)} ${stepOf(body)}`, at]),
  );
  const late = model.asks.filter(({ agent, user, at }) => {
    const id = book.caseOf(user);
    const first = id === undefined ? undefined : firstCalls.get(`${id} ${agent}`);
    return agent !== 'writeAudit' && first !== undefined && at > first;
  });
  return late.length;
}

/** The step in a call's key, which for a read has the round behind it. */
const stepOf = (body: string): string | undefined => /idempotency-key":"[^"]*:([A-Za-z]+)(?::\d+)?"/.exec(body)?.[1];

/** The answer that was acknowledged is the one that was acted on; so nobody had to ask for another. */
const wasUsed = ({ caseId, activityId, acknowledged }: Acknowledged, steps: readonly DoneStep[]): boolean =>
  steps.some((step) => step.caseId === caseId && step.activityId === activityId && step.answer === acknowledged);
