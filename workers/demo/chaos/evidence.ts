import type { Client } from '@temporalio/client';
import type { CaseHistory } from '../../../client/index.ts';
import type { Prices } from '../../../models/model.ts';
import type { Counts } from '../../../outside/counts.ts';
import type { ModelAsk } from '../../../outside/model-provider.ts';
import { capsUnder } from '../../../prompts/caps.ts';
import { PromptFiles } from '../../../prompts/files.ts';
import type { Cases, ChaosCase } from './cases.ts';
import type { Chaos } from './chaos.ts';
import type { Answered } from './double-answer.ts';
import type { Delivered } from './double-callback.ts';
import type { Killed } from './kill-worker.ts';

/** What one case has to show for itself when all is over. */
export interface CaseEvidence extends Pick<ChaosCase, 'run' | 'expected' | 'end'> {
  readonly history: CaseHistory;
}

/** All that the invariants are counted from: histories, far sides, the providers' books, and what was broken. */
export interface Evidence {
  readonly cases: readonly CaseEvidence[];
  /** Cases of these processes that the server knows, whoever has started them. */
  readonly known: number;
  readonly counts: Counts;
  readonly books: readonly ModelAsk[];
  readonly prices: ReadonlyMap<string, Prices>;
  /** What a case of each process may spend, micro-dollars. */
  readonly caps: Readonly<Record<string, number>>;
  readonly killed: Pick<Killed, 'name' | 'cutOff' | 'goneOn'>;
  readonly delivered: readonly Delivered[];
  readonly answered: readonly Answered[];
}

const AT_ONCE = 10;

/** Gathers it, when every case has ended. */
export async function gather(
  { stage, props, cases, began }: Chaos,
  broken: Pick<Evidence, 'killed' | 'delivered' | 'answered'>,
): Promise<Evidence> {
  const { governor, house, promptsDir } = stage;
  const files = new PromptFiles(promptsDir);
  const gathered: CaseEvidence[] = [];
  for (let from = 0; from < cases.all.length; from += AT_ONCE) {
    const some = cases.all.slice(from, from + AT_ONCE).map(async ({ run, expected, end }): Promise<CaseEvidence> => {
      return { run, expected, history: await governor.history(run), ...(end ? { end } : {}) };
    });
    gathered.push(...(await Promise.all(some)));
  }
  return {
    ...broken,
    cases: gathered,
    known: await knownToServer(house.client, cases, began),
    counts: await stage.counts(),
    books: props.books,
    prices: props.prices,
    caps: await capsUnder(files, await files.currentId()),
  };
}

async function knownToServer({ workflow }: Client, { all }: Cases, began: number): Promise<number> {
  const processes = [...new Set(all.map(({ example }) => `"${example.process}"`))];
  const since = new Date(began).toISOString();
  const { count } = await workflow.count(`WorkflowType IN (${processes.join(', ')}) AND StartTime >= "${since}"`);
  return count;
}
