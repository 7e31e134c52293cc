import { type Client, defaultPayloadConverter } from '@temporalio/client';
import { z } from 'zod';

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
const Completed = z.object({ calls: z.array(z.unknown()), sealed: Proposed, replayed: z.boolean().optional() });

/** What the server knows of a case now. */
export async function viewCase(client: Client, caseId: string): Promise<CaseView> {
  const { raw, status, historyLength } = await client.workflow.getHandle(caseId).describe();
  const pending = (raw.pendingActivities ?? []).map(({ activityId, activityType, attempt, state, lastWorkerIdentity, heartbeatDetails }) => {
    const [details] = heartbeatDetails?.payloads ?? [];
    const acknowledged = details ? answerNumber(defaultPayloadConverter.fromPayload(details)) : undefined;
    return {
      caseId,
      activityId: activityId ?? '',
      agent: activityType?.name ?? '',
      attempt: attempt ?? 0,
      started: Number(state) === STARTED,
      worker: lastWorkerIdentity ?? '',
      ...(acknowledged === undefined ? {} : { acknowledged }),
    };
  });
  return { open: status.name === 'RUNNING', historyLength, pending };
}

function answerNumber(value: unknown): number | undefined {
  const parsed = Proposed.safeParse(value);
  if (!parsed.success) return undefined;
  const number = /^answer (\d+)$/.exec(parsed.data.proposal.reasoning)?.[1];
  return number === undefined ? undefined : Number(number);
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
  const byId = new Map((events ?? []).map((event) => [String(event.eventId), event]));
  return (events ?? []).flatMap((event) => {
    const completed = event.activityTaskCompletedEventAttributes;
    const [payload] = completed?.result?.payloads ?? [];
    if (!completed || !payload) return [];
    const scheduled = byId.get(String(completed.scheduledEventId))?.activityTaskScheduledEventAttributes;
    const started = byId.get(String(completed.startedEventId));
    const result = Completed.safeParse(defaultPayloadConverter.fromPayload(payload));
    if (!result.success || !scheduled) return [];
    const { seconds, nanos } = started?.eventTime ?? {};
    return [
      {
        caseId,
        agent: scheduled.activityType?.name ?? '',
        activityId: scheduled.activityId ?? '',
        answer: answerNumber(result.data.sealed),
        attempts: started?.activityTaskStartedEventAttributes?.attempt ?? 0,
        startedAt: Number(seconds ?? 0) * 1000 + (nanos ?? 0) / 1e6,
      },
    ];
  });
}
