import type { CaseHistory, CaseRun } from '../../../client/index.ts';
import { type CaseStatus, STATUS } from '../../../contracts/messages.ts';
import type { Prices } from '../../../models/model.ts';
import type { Counts } from '../../../outside/counts.ts';
import type { ModelAsk } from '../../../outside/model-provider.ts';
import type { Stage } from '../stage.ts';
import type { Cases, ChaosCase } from './cases.ts';
import type { Chaos } from './chaos.ts';
import type { Answered } from './double-answer.ts';
import type { Delivered } from './double-callback.ts';
import type { Killed } from './kill-worker.ts';
import { until } from './until.ts';

/** What one case has to show for itself when all is over. */
export interface CaseEvidence extends Pick<ChaosCase, 'run' | 'expected' | 'end'> {
  readonly history: CaseHistory;
  /** What it says of its money, or why it says nothing. */
  readonly budget: CaseStatus['budget'] | string;
}

/** All that the invariants are counted from: histories, far sides, the providers' books, and what was broken. */
export interface Evidence {
  readonly cases: readonly CaseEvidence[];
  /** Cases of these processes that the server knows, whoever has started them. */
  readonly known: number;
  readonly counts: Counts;
  readonly books: readonly ModelAsk[];
  readonly prices: ReadonlyMap<string, Prices>;
  readonly killed: Pick<Killed, 'name' | 'cutOff' | 'goneOn'>;
  readonly delivered: readonly Delivered[];
  readonly answered: readonly Answered[];
}

/** A worker has to replay each case that it is asked about. */
const AT_ONCE = 6;
const QUERY_MS = 10_000;
const PATIENCE_MS = 60_000;

/** Gathers it, when every case has ended. */
export async function gather(
  { stage, props, cases }: Chaos,
  broken: Pick<Evidence, 'killed' | 'delivered' | 'answered'>,
): Promise<Evidence> {
  const { governor, house } = stage;
  const gathered: CaseEvidence[] = [];
  for (let from = 0; from < cases.all.length; from += AT_ONCE) {
    const some = cases.all.slice(from, from + AT_ONCE).map(async ({ run, expected, end }): Promise<CaseEvidence> => {
      const [history, budget] = await Promise.all([governor.history(run), budgetOf(stage, run)]);
      return { run, expected, history, budget, ...(end ? { end } : {}) };
    });
    gathered.push(...(await Promise.all(some)));
  }
  return {
    ...broken,
    cases: gathered,
    known: await knownToServer(house.client, cases),
    counts: await stage.counts(),
    books: props.books,
    prices: props.prices,
  };
}

async function knownToServer({ workflow }: Chaos['stage']['house']['client'], { all }: Cases): Promise<number> {
  const processes = [...new Set(all.map(({ example }) => example.process))];
  const { count } = await workflow.count(`WorkflowType IN (${processes.map((name) => `"${name}"`).join(', ')})`);
  return count;
}

async function budgetOf({ house: { client }, stopping }: Stage, run: CaseRun): Promise<CaseEvidence['budget']> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  let silence = 'no worker says what it has spent';
  const ask = async (): Promise<CaseStatus | undefined> => {
    try {
      return await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<CaseStatus>(STATUS));
    } catch (error) {
      silence = error instanceof Error ? error.message : silence;
      return undefined;
    }
  };
  return (await until(ask, PATIENCE_MS, stopping))?.budget ?? silence;
}
