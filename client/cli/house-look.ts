import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import type { Waiting } from './approval-desk.ts';
import { listWaiting } from './temporal-approvals.ts';

/** Cases of one process at one stage. */
export interface StageRow {
  readonly process: string;
  readonly stage: string;
  readonly cases: number;
  readonly costMicroUsd: number;
  /** What the dearest of them has cost, and the cap that new cases of the process get, where that is known. */
  readonly dearestMicroUsd: number;
  readonly capMicroUsd?: number;
}

/** Requests that wait for one role, or for people who are named. */
export interface RoleRow {
  readonly role: string;
  readonly requests: number;
  readonly oldestMs: number;
}

export interface BreakerRow {
  readonly model: string;
  readonly state: string;
}

/** A house at one moment. */
export interface HouseSeen {
  /** ISO instant. */
  readonly at: string;
  readonly running: number;
  /** True where more cases run than were looked at; the rows are of the newest then. */
  readonly cut: boolean;
  readonly stages: readonly StageRow[];
  readonly waiting: readonly RoleRow[];
  /** Outcomes of the cases that have ended within the last hour. */
  readonly ended: Readonly<Record<string, number>>;
  /** Nothing where no worker of this machine tells its metrics. */
  readonly breakers?: readonly BreakerRow[];
}

export interface HouseParts {
  readonly client: Client;
  /** The caps of new cases by process, micro-dollars. */
  caps(): Promise<Readonly<Record<string, number>>>;
  breakers(): Promise<readonly BreakerRow[] | undefined>;
}

/** More runs than this are not listed in one look. */
const MOST = 2000;
const HOUR_MS = 3_600_000;

/** Looks at all cases through the server's list of runs: no worker is asked, and no history is read. */
export async function lookAtHouse({ client, caps, breakers }: HouseParts, now = new Date()): Promise<HouseSeen> {
  const since = new Date(now.getTime() - HOUR_MS).toISOString();
  const [running, ended, waiting, allCaps, states] = await Promise.all([
    some(client, 'ExecutionStatus = "Running"'),
    some(client, `ExecutionStatus != "Running" AND CloseTime > "${since}"`),
    listWaiting(client),
    caps(),
    breakers(),
  ]);
  return {
    at: now.toISOString(),
    running: running.length,
    cut: running.length === MOST,
    stages: stagesOf(running, allCaps),
    waiting: rolesOf(waiting, now),
    ended: outcomesOf(ended),
    ...(states ? { breakers: states } : {}),
  };
}

async function some(client: Client, query: string): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const run of client.workflow.list({ query })) {
    found.push(run);
    if (found.length === MOST) break;
  }
  return found;
}

type Listed = Pick<WorkflowExecutionInfo, 'type' | 'status' | 'typedSearchAttributes'>;

/** The stages of running cases, those with most cases first. */
export function stagesOf(runs: readonly Listed[], caps: Readonly<Record<string, number>>): StageRow[] {
  const groups = Map.groupBy(runs, (run) => `${run.type} ${stageOf(run)}`);
  const rows = [...groups].map(([key, group]): StageRow => {
    const [process = '', stage = ''] = key.split(' ');
    const costs = group.map(({ typedSearchAttributes }) => typedSearchAttributes.get(SEARCH_ATTRIBUTES.cost) ?? 0);
    const cap = caps[process];
    return {
      process,
      stage,
      cases: group.length,
      costMicroUsd: costs.reduce((sum, cost) => sum + cost, 0),
      dearestMicroUsd: Math.max(...costs),
      ...(cap === undefined ? {} : { capMicroUsd: cap }),
    };
  });
  return rows.sort((one, other) => other.cases - one.cases || one.process.localeCompare(other.process));
}

const stageOf = ({ typedSearchAttributes }: Listed): string =>
  typedSearchAttributes.get(SEARCH_ATTRIBUTES.stage) ?? 'unknown';

/** Who is waited for, whoever has let somebody wait for longest first. */
export function rolesOf(waiting: readonly Pick<Waiting, 'role' | 'named' | 'askedAt'>[], now: Date): RoleRow[] {
  const groups = Map.groupBy(waiting, ({ role, named }) => named?.join(' or ') ?? role);
  const rows = [...groups].map(([role, group]): RoleRow => {
    const first = Math.min(...group.map(({ askedAt }) => Date.parse(askedAt)));
    return { role, requests: group.length, oldestMs: Math.max(0, now.getTime() - first) };
  });
  return rows.sort((one, other) => other.oldestMs - one.oldestMs);
}

function outcomesOf(runs: readonly Listed[]): Record<string, number> {
  const groups = Map.groupBy(
    runs,
    ({ status, typedSearchAttributes }) =>
      typedSearchAttributes.get(SEARCH_ATTRIBUTES.outcome) ?? status.name.toLowerCase().replaceAll('_', ' '),
  );
  return Object.fromEntries([...groups].map(([outcome, group]) => [outcome, group.length]));
}

/** The breakers that a worker's metrics tell of. */
export function breakersIn(metrics: string): BreakerRow[] {
  const told = metrics.matchAll(/^governor_breaker_state\{([^}]*)\} 1(?:\.0)?$/gm);
  return [...told].map(([, labels = '']) => ({
    model: /model="([^"]*)"/.exec(labels)?.[1] ?? '',
    state: /state="([^"]*)"/.exec(labels)?.[1] ?? '',
  }));
}
