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

const ASKING_RETRY = { initialInterval: '200ms', maximumInterval: '10s' } as const;

/** Finding out who may answer and telling them, and checking an answer, within so many milliseconds: one event each. */
export const askQuickly = (scheduleToCloseTimeout: number) =>
  proxyLocalActivities<AskingActivities>({ scheduleToCloseTimeout, retry: ASKING_RETRY });

/** The same, where it takes longer; a directory that cannot be read is waited for. */
export const askPatiently = proxyActivities<AskingActivities>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '10m',
  retry: ASKING_RETRY,
});

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
