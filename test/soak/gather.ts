import type { Client } from '@temporalio/client';
import { createGovernor } from '../../client/index.ts';
import type { ModelCall } from '../../contracts/decision.ts';
import type { CaseStatus } from '../../contracts/messages.ts';
import type { Counts } from '../../outside/counts.ts';
import type { Book, BookedCase } from './book.ts';
import type { CaseFacts, Facts } from './facts.ts';
import { readHistory } from './history.ts';
import type { LoggedDecision, SoakHouse } from './house.ts';
import { leftBy } from './left.ts';
import type { ModelSide } from './model-side.ts';
import type { People } from './people.ts';

const AT_ONCE = 8;
const MOST_DECISIONS = 200;

interface Sources {
  readonly house: SoakHouse;
  readonly book: Book;
  readonly people: People;
  readonly models: ModelSide;
}

/** Asks everybody who has kept something, when nothing happens any more. */
export async function gather({ house, book, people, models }: Sources): Promise<Facts> {
  const counts = await house.counts();
  const logged = Map.groupBy(await house.decisionLog(), ({ caseId }) => caseId);
  const cases = await eachOf(book.cases, (booked) => factsOf(house, booked, counts, logged.get(booked.id) ?? []));
  const ours = new Set(book.cases.map(({ id }) => id));
  const others: string[] = [];
  for await (const { workflowId } of house.client.workflow.list()) if (!ours.has(workflowId)) others.push(workflowId);
  const besides = (await eachOf(others, (id) => callsOf(house.client, id))).flat();
  return { cases, besides, asks: models.asks, late: people.late, repeatedDeliveries: counts.repeatedDeliveries };
}

/** All at once would be too much for a worker: it has to replay each case that it is asked about. */
async function eachOf<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    results.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(ask))));
  return results;
}

const callsOf = async (client: Client, id: string): Promise<readonly ModelCall[]> =>
  readHistory(await client.workflow.getHandle(id).fetchHistory()).booked.calls;

const TRIES = 20;

/** A worker that is asked about hundreds of old cases may be too slow for one of them. */
async function statusOf(client: Client, { id: workflowId, runId }: BookedCase): Promise<CaseStatus> {
  const governor = createGovernor(client);
  for (let tries = 1; tries <= TRIES; tries++) {
    const status = await governor.status({ workflowId, runId });
    if (status) return status;
  }
  throw new Error(`${workflowId} does not say how it ended, asked ${TRIES} times`);
}

async function factsOf(
  house: SoakHouse,
  booked: BookedCase,
  counts: Counts,
  logged: readonly LoggedDecision[],
): Promise<CaseFacts> {
  const { id, runId, kind, requestId, ids, asked, end } = booked;
  const handle = house.client.workflow.getHandle(id, runId);
  const { budget, steps } = await statusOf(house.client, booked);
  const { begun, booked: calls } = readHistory(await handle.fetchHistory());
  const audited = await house.api('watcher').decisionsOf(id, { limit: MOST_DECISIONS });
  return {
    id,
    requestId,
    kind: kind.name,
    wanted: kind,
    ids,
    ended: end,
    budget,
    recorded: steps.map(({ step }) => step),
    begun,
    booked: calls,
    audited: audited.filter(({ agent }) => agent !== 'people').map(({ step }) => step),
    logged: logged.map(({ step }) => step),
    left: leftBy(counts, { process: kind.process, requestId, caseId: id }),
    escalations: counts.escalations.filter(({ caseId }) => caseId === id),
    asked: [...asked.values()],
  };
}
