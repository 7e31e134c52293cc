import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import type { Decision } from '../contracts/decision.ts';
import type { OpenRequest } from '../contracts/messages.ts';
import { showUsd } from '../contracts/money.ts';

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
export function publishRequests(waiting: readonly OpenRequest[]): void {
  const summaries = waiting.map(({ approval, kind, role, asks, due, digest }) => ({ approval, kind, role, asks, due, digest }));
  upsertMemo({ waiting: summaries });
}

/** The run's current details in the Web UI: they cost no history. */
export function showProgress(progress: Progress): void {
  const { stage, outcome, leftBehind, spentMicroUsd, capMicroUsd, decisions, waiting, release } = progress;
  const rows = decisions.map(({ step, outcome: end, verdict, rule, model, modelCalls, costMicroUsd, ms }) =>
    `| ${[step, end, verdict, rule ?? '', model ?? '', modelCalls, showUsd(costMicroUsd), `${ms} ms`].join(' | ')} |`,
  );
  const requests = waiting.map(({ approval, kind, role, asks, due }) => `- **${approval}** (${kind}) waits for ${role} until ${due}: ${asks}`);
  setCurrentDetails(
    [
      `**${outcome ?? stage}** · ${showUsd(spentMicroUsd)} of ${showUsd(capMicroUsd)} · release ${release}`,
      '',
      '| step | outcome | verdict | rule | model | calls | cost | time |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      ...rows,
      '',
      ...requests,
      ...leftBehind.map((effect) => `- left behind: ${effect}`),
    ].join('\n'),
  );
}
