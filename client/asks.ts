import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { ANSWER } from '../contracts/messages.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';

/** One question to people, as a run's history tells it. */
export interface AskHistory {
  readonly approval: string;
  readonly kind: string;
  /** Instants, milliseconds since 1970. */
  readonly openedAt: number;
  readonly closedAt?: number;
  /** The last that somebody said to it, and in whose name. */
  readonly said?: { readonly verdict: string; readonly by: string };
}

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

interface Open {
  readonly approval: string;
  readonly kind: string;
  readonly openedAt: number;
  closedAt?: number;
  said?: { readonly verdict: string; readonly by: string };
}

/** Follows what a run put into its memo and its stage, and who answered; in the order of the asking. */
export function readAsks({ events }: { readonly events?: readonly Event[] | null }): AskHistory[] {
  const asks: Open[] = [];
  for (const event of events ?? []) {
    const at = timeOf(event);
    const waiting = waitingIn(event);
    const said = saidIn(event);
    if (waiting) follow(asks, waiting, at);
    else if (hasStoppedWaiting(event)) follow(asks, [], at);
    const ask = said && asks.findLast(({ approval }) => approval === said.approval);
    if (ask && ask.closedAt === undefined) ask.said = { verdict: said.verdict, by: said.by };
  }
  return asks;
}

interface Asked {
  readonly approval: string;
  readonly kind: string;
}

function follow(asks: Open[], waiting: readonly Asked[], at: number): void {
  const open = asks.filter(({ closedAt }) => closedAt === undefined);
  for (const ask of open) if (!waiting.some(({ approval }) => approval === ask.approval)) ask.closedAt = at;
  const fresh = waiting.filter(({ approval }) => !open.some((ask) => ask.approval === approval));
  asks.push(...fresh.map(({ approval, kind }) => ({ approval, kind, openedAt: at })));
}

function waitingIn(event: Event): readonly Asked[] | undefined {
  const fields = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields;
  const waiting = fields?.['waiting'] && read(fields['waiting']);
  return Array.isArray(waiting) ? waiting.filter(isAsked) : undefined;
}

function hasStoppedWaiting(event: Event): boolean {
  const fields = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
  const stage = fields?.[SEARCH_ATTRIBUTES.stage.name];
  return stage !== undefined && stage !== null && ![read(stage)].flat().includes('waiting');
}

function saidIn(event: Event): { approval: string; verdict: string; by: string } | undefined {
  const signal = event.workflowExecutionSignaledEventAttributes;
  const update = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  const message = signal
    ? { name: signal.signalName, input: signal.input?.payloads?.[0] }
    : { name: update?.name, input: update?.args?.payloads?.[0] };
  const said = message.name === ANSWER && message.input ? read(message.input) : undefined;
  return isSaid(said) ? said : undefined;
}

const read = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);

const hasWords = (value: unknown, ...names: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && names.every((name) => typeof Reflect.get(value, name) === 'string');
const isAsked = (value: unknown): value is Asked => hasWords(value, 'approval', 'kind');
const isSaid = (value: unknown): value is { approval: string; verdict: string; by: string } =>
  hasWords(value, 'approval', 'verdict', 'by');

const timeOf = ({ eventTime }: Event): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000);
