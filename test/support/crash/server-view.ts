import { type Client, defaultPayloadConverter, type WorkflowHandle } from '@temporalio/client';
import { z } from 'zod';
import { answerNumber } from './answer-names.ts';

/** An activity on its way, as the server describes it. */
export interface Pending {
  readonly caseId: string;
  readonly activityId: string;
  readonly agent: string;
  readonly attempt: number;
  readonly started: boolean;
  readonly worker: string;
  /** Number of the model's answer that the server has acknowledged in a checkpoint. */
  readonly acknowledged?: number;
}

export interface CaseView {
  readonly open: boolean;
  readonly historyLength: number;
  readonly pending: readonly Pending[];
}

const STARTED = 2;
const Proposed = z.object({ proposal: z.object({ reasoning: z.string() }) });
const Completed = z.object({
  calls: z.array(z.unknown()),
  made: z.object({ reasoning: z.string() }),
  replayed: z.boolean().optional(),
});

/** What the server knows of a case now. */
export async function viewCase(client: Client, caseId: string): Promise<CaseView> {
  const { raw, status, historyLength } = await client.workflow.getHandle(caseId).describe();
  const pending = (raw.pendingActivities ?? []).map(
    ({ activityId, activityType, attempt, state, lastWorkerIdentity, heartbeatDetails }) => {
      const [details] = heartbeatDetails?.payloads ?? [];
      const acknowledged = details ? acknowledgedIn(defaultPayloadConverter.fromPayload(details)) : undefined;
      return {
        caseId,
        activityId: activityId ?? '',
        agent: activityType?.name ?? '',
        attempt: attempt ?? 0,
        started: Number(state) === STARTED,
        worker: lastWorkerIdentity ?? '',
        ...(acknowledged === undefined ? {} : { acknowledged }),
      };
    },
  );
  return { open: status.name === 'RUNNING', historyLength, pending };
}

function acknowledgedIn(checkpoint: unknown): number | undefined {
  const parsed = Proposed.safeParse(checkpoint);
  return parsed.success ? answerNumber(parsed.data.proposal.reasoning) : undefined;
}

/** A step that history says was done. */
export interface DoneStep {
  readonly caseId: string;
  readonly agent: string;
  readonly activityId: string;
  /** The model's answer that was acted on. */
  readonly answer: number | undefined;
  readonly attempts: number;
  /** When the attempt that did it began, milliseconds since 1970. */
  readonly startedAt: number;
}

/** The steps of a case as its history has them. */
export async function doneSteps(client: Client, caseId: string): Promise<DoneStep[]> {
  const { events } = await client.workflow.getHandle(caseId).fetchHistory();
  const all = new Map((events ?? []).map((event) => [String(event.eventId), event]));
  return [...all.values()].flatMap((event) => stepOf(caseId, event, all));
}

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

function stepOf(caseId: string, event: Event, all: ReadonlyMap<string, Event>): DoneStep[] {
  const completed = event.activityTaskCompletedEventAttributes;
  const scheduled = all.get(String(completed?.scheduledEventId))?.activityTaskScheduledEventAttributes;
  const started = all.get(String(completed?.startedEventId));
  const [payload] = completed?.result?.payloads ?? [];
  const result = Completed.safeParse(payload ? defaultPayloadConverter.fromPayload(payload) : undefined);
  if (!result.success || !scheduled || !started) return [];
  const agent = scheduled.activityType?.name ?? '';
  const attempts = started.activityTaskStartedEventAttributes?.attempt ?? 0;
  const answer = answerNumber(result.data.made.reasoning);
  return [{ caseId, agent, activityId: scheduled.activityId ?? '', answer, attempts, startedAt: timeOf(started) }];
}

const timeOf = ({ eventTime }: Event): number => Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
