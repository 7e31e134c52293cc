import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { RequestSummary } from '../../../contracts/messages.ts';
import { PROCESSES } from '../../../contracts/processes.ts';
import { SEARCH_ATTRIBUTES } from '../../../contracts/search-attributes.ts';
import type { Owner } from '../access/routes.ts';
import { ownerOf } from '../found-case.ts';
import type { HttpParts } from '../parts.ts';
import type { ApprovalRow } from '../shapes.ts';
import { type Change, changesBetween, keyOf } from './changes.ts';

/** An open request, and whose case it belongs to. */
export interface BoardRow {
  readonly row: ApprovalRow;
  readonly owner: Owner;
}

/** All open requests, of all tenants, as one poller sees them for every list and stream of this process. */
export interface Board {
  /** Not older than a moment. Throws where the server of the cases does not answer. */
  rows(): Promise<readonly BoardRow[]>;
  /** Says what a case was just seen to wait for: the server's lists hear of it a moment later. */
  noted(caseId: string, run: string, waiting: readonly RequestSummary[]): void;
  /** Hears every change until it stops; somebody has to listen for the board to look by itself. */
  listen(hear: (changes: readonly Change[]) => void): () => void;
  close(): void;
}

/** A list may be so old, milliseconds. */
const FRESH_MS = 400;
/** Between two looks while somebody listens, milliseconds; longer where a look takes long. */
const LOOK_MS = 700;
/** For so long what a case said itself counts more than the server's list, milliseconds. */
const NOTED_MS = 5000;

interface Noted {
  readonly run: string;
  readonly rows: readonly BoardRow[];
  readonly until: number;
}

export function openBoard(parts: Pick<HttpParts, 'client' | 'knowsAttributes'>): Board {
  let known = new Map<string, BoardRow>();
  let lookedAt = 0;
  let looking: Promise<void> | undefined;
  const noted = new Map<string, Noted>();
  const listeners = new Set<(changes: readonly Change[]) => void>();
  let timer: NodeJS.Timeout | undefined;

  const take = (next: Map<string, BoardRow>): void => {
    const changes = changesBetween(known, next);
    known = next;
    if (changes.length > 0) for (const hear of listeners) hear(changes);
  };
  const look = (): Promise<void> => {
    looking ??= (async () => {
      const rows = await readOpen(parts);
      take(corrected(rows, noted));
      lookedAt = Date.now();
    })().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const lookOn = (): void => {
    if (timer !== undefined || listeners.size === 0) return;
    const began = Date.now();
    const again = (): void => {
      timer = setTimeout(
        () => {
          timer = undefined;
          lookOn();
        },
        Math.max(LOOK_MS, Date.now() - began),
      );
    };
    timer = setTimeout(() => undefined, 0);
    // Whoever asks for a list hears that the server is away; a stream just waits until it is back.
    look().then(again, again);
  };
  return {
    rows: async () => {
      if (Date.now() - lookedAt > FRESH_MS) await look();
      return [...known.values()];
    },
    noted: (caseId, run, waiting) => {
      const before = [...known.values()].find(({ row }) => row.case === caseId);
      if (!before) return;
      const { owner } = before;
      const base = { case: caseId, run, startedAt: before.row.startedAt };
      const rows = waiting.map((summary) => ({ row: { ...summary, ...base, ...whoAsks(summary, owner) }, owner }));
      noted.set(caseId, { run, rows, until: Date.now() + NOTED_MS });
      take(corrected([...known.values()], noted));
    },
    listen: (hear) => {
      listeners.add(hear);
      lookOn();
      return () => void listeners.delete(hear);
    },
    close: () => {
      listeners.clear();
      clearTimeout(timer);
    },
  };
}

/** The server's list, with the cases that were asked themselves a moment ago as these said. */
function corrected(rows: readonly BoardRow[], noted: Map<string, Noted>): Map<string, BoardRow> {
  for (const [caseId, { until }] of noted) if (until < Date.now()) noted.delete(caseId);
  const listed = rows.filter(({ row }) => noted.get(row.case)?.run !== row.run);
  const said = [...noted.values()].flatMap((each) => each.rows);
  return new Map([...listed, ...said].map((each) => [keyOf(each.row), each]));
}

async function readOpen({ client, knowsAttributes }: Pick<HttpParts, 'client' | 'knowsAttributes'>) {
  const query = (await knowsAttributes()) ? WAITING : RUNNING;
  const rows: BoardRow[] = [];
  for await (const info of client.workflow.list({ query, pageSize: 1000 })) rows.push(...rowsOf(info));
  return rows;
}

const RUNNING = `ExecutionStatus = 'Running' AND WorkflowType IN (${Object.keys(PROCESSES)
  .map((type) => `'${type}'`)
  .join(', ')})`;
const WAITING = `${RUNNING} AND ${SEARCH_ATTRIBUTES.stage.name} = 'waiting'`;

/** What the memo says that it waits for; cases that began before requests had subjects are answered from the command line. */
function rowsOf(info: WorkflowExecutionInfo): BoardRow[] {
  const waiting = info.memo?.['waiting'];
  if (!Array.isArray(waiting)) return [];
  const owner = ownerOf(info);
  const base = {
    case: info.workflowId,
    run: info.runId,
    startedAt: info.startTime.toISOString(),
  };
  return waiting
    .filter(isSummary)
    .map((summary) => ({ row: { ...summary, ...base, ...whoAsks(summary, owner) }, owner }));
}

/** Whom the input names comes first among those who may not answer; the caller may be a program. */
export function whoAsks({ barred }: Pick<RequestSummary, 'barred'>, { startedBy }: Owner): { requestedBy?: string } {
  const requestedBy = barred[0] ?? startedBy;
  return requestedBy === undefined ? {} : { requestedBy };
}

const isSummary = (value: unknown): value is RequestSummary =>
  typeof value === 'object' && value !== null && 'approval' in value && 'subject' in value && 'digest' in value;
