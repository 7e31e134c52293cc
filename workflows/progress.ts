import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { Decision } from '../contracts/decision.ts';
import type { OpenRequest } from '../contracts/messages.ts';
import { showUsd } from '../contracts/money.ts';
import { summarize } from '../contracts/request-summary.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';

export interface Progress {
  readonly process: string;
  readonly release: string;
  readonly stage: string;
  readonly outcome?: string | undefined;
  readonly leftBehind: readonly string[];
  readonly spentMicroUsd: number;
  readonly capMicroUsd: number;
  readonly decisions: readonly Decision[];
  readonly waiting: readonly OpenRequest[];
}

/** Sets the search attributes; called when a case opens, asks, is answered and ends, and at no other time. */
export function publishAttributes({ process, release, stage, outcome, spentMicroUsd, waiting }: Progress): void {
  const role = waiting[0]?.role;
  upsertSearchAttributes([
    { key: SEARCH_ATTRIBUTES.process, value: process },
    { key: SEARCH_ATTRIBUTES.release, value: release },
    { key: SEARCH_ATTRIBUTES.stage, value: stage },
    { key: SEARCH_ATTRIBUTES.cost, value: spentMicroUsd },
    { key: SEARCH_ATTRIBUTES.waitingFor, value: role ?? null },
    ...(outcome ? [{ key: SEARCH_ATTRIBUTES.outcome, value: outcome }] : []),
  ]);
}

/** Puts what is being asked into the memo, where a list of runs can show it. */
export function publishRequests(waiting: readonly OpenRequest[], process: string): void {
  upsertMemo({ waiting: waiting.map((request) => summarize(request, process)) });
}

/** The run's current details in the Web UI: they cost no history. */
export function showProgress(progress: Progress): void {
  const { stage, outcome, leftBehind, spentMicroUsd, capMicroUsd, decisions, waiting, release } = progress;
  const lines = [
    `**${outcome ?? stage}** · ${showUsd(spentMicroUsd)} of ${showUsd(capMicroUsd)} · release ${release}`,
    '',
    row(['step', 'outcome', 'verdict', 'model', 'calls', 'cost', 'time']),
    row(Array<string>(7).fill('---')),
    ...decisions.map(rowOf),
    '',
    ...waiting.map(
      ({ approval, kind, role, asks, due }) => `- **${approval}** (${kind}) waits for ${role} until ${due}: ${asks}`,
    ),
    ...leftBehind.map((effect) => `- left behind: ${effect}`),
  ];
  // Between two dollar signs the Web UI would set a formula.
  setCurrentDetails(lines.join('\n').replaceAll('$', 'USD '));
}

const rowOf = ({ step, outcome, verdict, rule, model, modelCalls, costMicroUsd, ms }: Decision): string =>
  row([
    step,
    outcome,
    rule ? `${verdict} (${rule})` : verdict,
    model ?? 'none',
    `${modelCalls}`,
    showUsd(costMicroUsd),
    `${ms} ms`,
  ]);

/** The Web UI sets the cells of a table without a space between them. */
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => (cell === '---' ? cell : `${cell}\u00a0\u00a0`)).join(' | ')} |`;
