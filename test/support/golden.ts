import { readdirSync, readFileSync } from 'node:fs';
import { defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import type { DecisionLine } from '../../workflows/record.ts';

type History = ReturnType<typeof historyFromJSON>;
type Event = NonNullable<History['events']>[number];

/** What a golden history has come to, kept beside it. */
export const Values = z.strictObject({
  /** What the run returned, but for what differs from run to run; or how it failed. */
  ended: z.strictObject({
    as: z.enum(['completed', 'failed', 'canceled']),
    outcome: z.string().optional(),
    failureType: z.string().optional(),
  }),
  /** Activity types in the order in which they were scheduled, local ones and notices left out. */
  activities: z.array(z.string()),
  /** The decisions as the code makes them. */
  decisions: z.array(
    z.strictObject({
      step: z.string(),
      outcome: z.string(),
      verdict: z.string(),
      rule: z.string().optional(),
      failure: z.string().optional(),
      answers: z.array(z.string()),
      modelCalls: z.number(),
      costMicroUsd: z.number(),
    }),
  ),
});
export type Values = z.output<typeof Values>;

const root = new URL('../replay/histories/', import.meta.url);
export const goldenNames = (): string[] =>
  readdirSync(root)
    .filter((file) => file.endsWith('.values.json'))
    .map((file) => file.replace('.values.json', ''));
export const goldenHistory = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, root), 'utf8'));
export const goldenValues = (name: string): Values =>
  Values.parse(JSON.parse(readFileSync(new URL(`${name}.values.json`, root), 'utf8')));

/** What the events say, whatever code reads them. */
export function valuesInHistory(json: unknown): Pick<Values, 'ended' | 'activities'> {
  const events = historyFromJSON(json).events ?? [];
  const activities = events.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
  return { ended: endOf(events.at(-1)), activities };
}

function endOf(last: Event | undefined): Values['ended'] {
  const completed = last?.workflowExecutionCompletedEventAttributes;
  const failed = last?.workflowExecutionFailedEventAttributes;
  if (failed) return { as: 'failed', failureType: failed.failure?.applicationFailureInfo?.type ?? 'none' };
  if (!completed) return { as: last?.workflowExecutionCanceledEventAttributes ? 'canceled' : 'failed' };
  const [payload] = completed.result?.payloads ?? [];
  const { outcome } = z
    .object({ outcome: z.string() })
    .parse(payload ? defaultPayloadConverter.fromPayload(payload) : {});
  return { as: 'completed', outcome };
}

/** A decision as it is kept: without what differs from run to run. */
export const decisionValues = ({
  step,
  outcome,
  verdict,
  rule,
  failure,
  answers,
  modelCalls,
  costMicroUsd,
}: DecisionLine): Values['decisions'][number] => ({
  step,
  outcome,
  verdict,
  ...(rule ? { rule } : {}),
  ...(failure ? { failure: failure.type } : {}),
  answers: answers.map((answer) => answer.verdict),
  modelCalls,
  costMicroUsd,
});
