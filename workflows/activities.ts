import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { AgentActivity, AskingActivities, NoticeActivities, ReleaseActivities } from '../activities/index.ts';
import type { Agent } from '../agents/define-agent.ts';
import type { AgentPin, CaseRelease } from '../contracts/release.ts';

/** Until a worker has the release and the directory, a case waits; these read files and take milliseconds. */
export const { loadRelease, roster } = proxyLocalActivities<ReleaseActivities>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '200ms', maximumInterval: '10s' },
});

/**
 * Finding out who may answer and telling them, and checking an answer: one event each. What cannot be told in time is not
 * told, and a directory that cannot be read is waited for.
 */
const asking = proxyLocalActivities<AskingActivities>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '200ms', maximumInterval: '10s' },
});

/**
 * One after the other. Of several local activities at once a replay hears in the order in which they were begun, and the
 * run itself had heard in the order in which they ended (sdk-rust 1075): a case that asks several people at once could not
 * be gone on with after a restart.
 */
let last: Promise<unknown> = Promise.resolve();
const inTurn =
  <A, R>(act: (of: A) => Promise<R>) =>
  (of: A): Promise<R> => {
    const turn = last.then(() => act(of));
    last = turn.catch(() => undefined);
    return turn;
  };

export const convene = inTurn(asking.convene);
export const checkAnswer = inTurn(asking.checkAnswer);

/** Telling people is best effort: the request itself stands in the case, whoever was told. */
export const { notify } = proxyActivities<NoticeActivities>({
  startToCloseTimeout: '10s',
  scheduleToCloseTimeout: '1m',
});

/**
 * An agent's activity under the bounds of its release. Time bounds the attempts, and the reservation bounds the paid
 * calls; a number of attempts alone would be used up by deploys. The deadline of the case does not shorten a step: it
 * cancels it, and is then the failure that people hear of.
 */
export function agentActivity(agent: Agent, pin: AgentPin, release: CaseRelease, summary: string): AgentActivity {
  const activities = proxyActivities<Record<string, AgentActivity>>({
    taskQueue: pin.taskQueue,
    startToCloseTimeout: pin.timeoutMs,
    scheduleToCloseTimeout: pin.patienceMs,
    heartbeatTimeout: release.heartbeatTimeoutMs,
    retry: { initialInterval: '250ms', backoffCoefficient: 2, maximumInterval: '10s' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  });
  return activities[agent.name] as AgentActivity;
}
