import {
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { AskingActivities } from '../activities/index.ts';

/**
 * Finding out who may answer and telling them, and checking an answer. As a rule each is a local activity, which costs
 * one event. One that takes longer is begun anew as an ordinary activity, and waited for.
 *
 * A local activity that is still at work when the server prolongs the workflow task is dangerous: what happens meanwhile
 * is in the history before its end, and a replay hears of it in another order than the run did (sdk-rust 1075). Then no
 * worker can go on with the case. So none may last that long, and they run one after the other.
 */
const TASKS_SHARE = 1 / 4;

const RETRY = { initialInterval: '200ms', maximumInterval: '10s' } as const;
const PATIENT = { startToCloseTimeout: '5s', scheduleToCloseTimeout: '10m', retry: RETRY } as const;

let last: Promise<unknown> = Promise.resolve();
/** Once one was slow, the next ones would be: several in one workflow task could last as long as it. */
let isSlow = false;

const asked =
  <K extends keyof AskingActivities>(name: K) =>
  (of: Parameters<AskingActivities[K]>[0]): ReturnType<AskingActivities[K]> => {
    const turn = last.then(() => quicklyOrPatiently(name, of));
    last = turn.catch(() => undefined);
    return turn as ReturnType<AskingActivities[K]>;
  };

async function quicklyOrPatiently<K extends keyof AskingActivities>(
  name: K,
  of: Parameters<AskingActivities[K]>[0],
): Promise<unknown> {
  type Act = (of: Parameters<AskingActivities[K]>[0]) => Promise<unknown>;
  if (!isSlow) {
    const scheduleToCloseTimeout = workflowInfo().taskTimeoutMs * TASKS_SHARE;
    const quick = proxyLocalActivities<AskingActivities>({ scheduleToCloseTimeout, retry: RETRY });
    try {
      return await (quick[name] as Act)(of);
    } catch (error) {
      if (isCancellation(error) || isFinal(error)) throw error;
      isSlow = true;
    }
  }
  return (proxyActivities<AskingActivities>(PATIENT)[name] as Act)(of);
}

/** It would fail again however long one waited. */
const isFinal = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true;

export const convene = asked('convene');
export const checkAnswer = asked('checkAnswer');
