import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { paidCalls, withLostCalls } from '../contracts/checkpoint.ts';
import type { AgentResult, AgentTask, Checkpoint, ModelCall, Verdict } from '../contracts/decision.ts';
import type { Failure } from '../contracts/failures.ts';
import type { CaseRun } from './index.ts';

/** One activity of an agent, as history tells it. */
export interface StepHistory {
  readonly agent: string;
  readonly step: string;
  /** How often it was begun: more than once where a worker died or a tool failed. */
  readonly attempts: number;
  /** What one of its model calls could cost at worst. */
  readonly worstCaseMicroUsd: number;
  readonly outcome: AgentResult['outcome'] | 'failed' | 'open';
  /** Every call that was paid for, or may have been. */
  readonly paidCalls: readonly ModelCall[];
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly failure?: Failure;
  /** Instants, milliseconds since 1970; the start is that of the last attempt. */
  readonly scheduledAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** True where the model had proposed before, in an earlier activity of the step. */
  readonly resumed: boolean;
  readonly verdict?: Pick<Verdict, 'kind' | 'rule'>;
  /** How long the tool took, where it was called. */
  readonly actMs?: number;
  readonly replayed?: boolean;
}

/** What the server has written down about a run. Nothing here was counted by a worker, nor by whoever reads it. */
export interface CaseHistory extends CaseRun {
  /** The workflow type. */
  readonly process: string;
  readonly input: unknown;
  /** Instants, milliseconds since 1970. */
  readonly startedAt: number;
  readonly closedAt?: number;
  /** The agents' activities in the order in which they were scheduled. */
  readonly steps: readonly StepHistory[];
  readonly modelCalls: number;
  readonly costMicroUsd: number;
}

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
type Payloads = NonNullable<NonNullable<Event['activityTaskCompletedEventAttributes']>['result']>;

const CLOSED = /^workflowExecution(Completed|Failed|Canceled|TimedOut|Terminated)EventAttributes$/;

/** Reads a run's events. An activity that has not ended is `open`. */
export function readHistory(run: CaseRun, { events }: { readonly events?: readonly Event[] | null }): CaseHistory {
  const all = events ?? [];
  const [first] = all;
  const last = all.at(-1);
  const steps = all.flatMap((event) => stepOf(event, all));
  const calls = steps.flatMap((step) => step.paidCalls);
  const isClosed = last !== undefined && Object.entries(last).some(([key, value]) => CLOSED.test(key) && value);
  return {
    ...run,
    process: first?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '',
    input: decode(first?.workflowExecutionStartedEventAttributes?.input)[0],
    startedAt: first ? timeOf(first) : 0,
    ...(isClosed ? { closedAt: timeOf(last) } : {}),
    steps,
    modelCalls: calls.length,
    costMicroUsd: calls.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
  };
}

function stepOf(scheduled: Event, events: readonly Event[]): StepHistory[] {
  const { activityType, input } = scheduled.activityTaskScheduledEventAttributes ?? {};
  const task = decode(input)[0];
  if (!activityType?.name || !isTask(task)) return [];
  const later = events.filter((event) => scheduledIdOf(event) === String(scheduled.eventId));
  const attempts =
    later.find((event) => event.activityTaskStartedEventAttributes)?.activityTaskStartedEventAttributes?.attempt ?? 0;
  const started = later.findLast((event) => event.activityTaskStartedEventAttributes);
  const base = {
    agent: activityType.name,
    step: task.step,
    attempts,
    worstCaseMicroUsd: task.pin.worstCaseMicroUsd,
    scheduledAt: timeOf(scheduled),
    ...(started ? { startedAt: timeOf(started) } : {}),
    resumed: task.seal !== undefined,
  };
  return [{ ...base, ...later.reduce<Ending>((ending, event) => endingOf(event, task, attempts) ?? ending, OPEN) }];
}

type Ending = Pick<
  StepHistory,
  'outcome' | 'paidCalls' | 'answer' | 'failure' | 'endedAt' | 'verdict' | 'actMs' | 'replayed'
>;
const OPEN: Ending = { outcome: 'open', paidCalls: [] };

/** How this event ends its activity, with the calls of all attempts: the last one carries those before it. */
function endingOf(event: Event, task: AgentTask, attempts: number): Ending | undefined {
  const done = event.activityTaskCompletedEventAttributes;
  if (done) {
    return { ...endingOfResult(decode(done.result)[0] as AgentResult), endedAt: timeOf(event) };
  }
  const cancelled = event.activityTaskCanceledEventAttributes;
  const broken = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (!cancelled && !broken) return undefined;
  const failure = broken?.failure;
  const timedOut = failure?.timeoutFailureInfo;
  if (timedOut) {
    const last = decode(timedOut.lastHeartbeatDetails)[0] as Checkpoint | undefined;
    const known = last && withLostCalls(last, attempts, task.pin.worstCaseMicroUsd, task.allowance);
    return { outcome: 'failed', paidCalls: paidCalls(known?.calls ?? []), endedAt: timeOf(event) };
  }
  const details = decode(cancelled ? cancelled.details : failure?.applicationFailureInfo?.details);
  const [said, checkpoint] = details as [Failure | undefined, Checkpoint | undefined];
  const base = { outcome: 'failed', paidCalls: paidCalls(checkpoint?.calls ?? []), endedAt: timeOf(event) } as const;
  return { ...base, ...(said ? { failure: said } : {}) };
}

function endingOfResult(result: AgentResult): Ending {
  const { outcome, calls } = result;
  const paid = paidCalls(calls);
  if (result.outcome !== 'done') {
    const { kind, rule } = result.sealed.verdict;
    return { outcome, paidCalls: paid, verdict: { kind, rule } };
  }
  const { answer, verdict, actMs, replayed = false } = result;
  return { outcome, paidCalls: paid, answer, verdict: { kind: verdict.kind, rule: verdict.rule }, actMs, replayed };
}

const scheduledIdOf = (event: Event): string | undefined => {
  const attributes =
    event.activityTaskStartedEventAttributes ??
    event.activityTaskCompletedEventAttributes ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  return attributes ? String(attributes.scheduledEventId) : undefined;
};

/** Notices are activities too, and no agent's. */
const isTask = (value: unknown): value is AgentTask =>
  typeof value === 'object' && value !== null && 'pin' in value && 'step' in value;

const decode = (payloads: Payloads | null | undefined): unknown[] =>
  (payloads?.payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload));

const timeOf = ({ eventTime }: Event): number =>
  Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000);
