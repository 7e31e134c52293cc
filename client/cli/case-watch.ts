import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseStatus, OpenRequest, StepStatus } from '../../contracts/messages.ts';
import { showUsd } from '../../contracts/money.ts';
import type { CaseEnd } from '../index.ts';
import type { CaseDesk, FoundCase } from './case-desk.ts';
import { describeCase, describeEnd, left, span } from './case-views.ts';
import { ourCommand } from './shell.ts';
import type { Terminal } from './words.ts';

/** How often a case is looked at, milliseconds; one that waits for people so many times more seldom. */
const LOOK_MS = 500;
const PATIENTLY = 4;

/** Shows a case until it has ended: drawn anew at a terminal, else in lines of what has happened since the last look. */
export async function watchCase(
  desk: CaseDesk,
  terminal: Terminal,
  found: FoundCase,
  lookMs: number = LOOK_MS,
): Promise<void> {
  const over = new AbortController();
  const ending = desk.result(found).finally(() => over.abort());
  ending.catch(() => undefined);
  const show = terminal.redraw ? drawing(terminal, found) : telling(terminal, found);
  while (!over.signal.aborted) {
    const status = await desk.status(found);
    if (over.signal.aborted) break;
    show(status, undefined);
    const isWaiting = (status?.waiting.length ?? 0) > 0;
    await sleep(isWaiting ? lookMs * PATIENTLY : lookMs, undefined, { signal: over.signal }).catch(() => undefined);
  }
  const end = await ending;
  const [last, status] = await Promise.all([desk.find(found.workflowId), desk.status(found)]);
  const isSame = last.runId === found.runId;
  show(status, end, isSame ? last : found);
}

type Show = (status: CaseStatus | undefined, end: CaseEnd | undefined, found?: FoundCase) => void;

const NOBODY = 'No worker answers yet.';

/** The whole case anew each time. */
function drawing({ redraw, columns }: Terminal, first: FoundCase): Show {
  return (status, end, found = first) => {
    if (status) return redraw?.(describeCase(found, status, end, columns).split('\n'));
    redraw?.([`${found.workflowId}: ${end ? describeEnd(end, columns) : NOBODY}`]);
  };
}

/** What is new since the last look, each thing on a line of its own. */
function telling({ out }: Terminal, { workflowId, process, page }: FoundCase): Show {
  const told = new Set<string>();
  const once = (key: string, line: string): void => {
    if (told.has(key)) return;
    told.add(key);
    out(line);
  };
  out(`${workflowId} (${process})${page ? `, ${page}` : ''}`);
  return (status, end) => {
    if (!status && !end) once('nobody', NOBODY);
    for (const [at, step] of (status?.steps ?? []).entries()) once(`step ${at}`, stepLine(step));
    for (const request of status?.waiting ?? []) once(keyOf(request), requestLine(workflowId, request));
    if (end) out(describeEnd(end));
  };
}

const stepLine = ({ step, outcome, verdict, rule, model, costMicroUsd, ms }: StepStatus): string => {
  const judged = rule && verdict !== 'allowed' ? `${verdict} (${rule})` : verdict;
  return `  ${step}: ${outcome}, ${judged}, ${model ?? 'no model'}, ${showUsd(costMicroUsd)}, ${span(ms)}`;
};

/** A request that has changed since, or gone up its ladder, is told anew. */
const keyOf = ({ approval, digest, role }: OpenRequest): string => `request ${approval} ${digest} ${role}`;

const requestLine = (caseId: string, { approval, role, asks, until }: OpenRequest): string =>
  `  ${approval} waits for ${role}, ${left(until)}: ${asks}\n    ${ourCommand('approvals', 'show', caseId, approval)}`;
