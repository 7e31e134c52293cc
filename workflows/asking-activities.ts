import { ApplicationFailure, isCancellation, workflowInfo } from '@temporalio/workflow';
import { askPatiently, askQuickly } from './activities.ts';

/**
 * Finding out who may answer and telling them, and checking an answer. As a rule each is a local activity, which costs
 * one event. One that takes longer is begun anew as an ordinary activity, and waited for.
 *
 * A local activity that is still at work when the server prolongs the workflow task is dangerous: what happens meanwhile
 * is in the history before its end, and a replay hears of it in another order than the run did (sdk-rust 1075). Then no
 * worker can go on with the case. So none may last that long, and they run one after the other.
 */
const SHARE_OF_TASK = 1 / 4;

let last: Promise<unknown> = Promise.resolve();
/** Once one was slow, the next ones would be: several in one workflow task could last as long as it. */
let isSlow = false;

const inTurn =
  <A, R>(quickly: (ms: number) => (of: A) => Promise<R>, patiently: (of: A) => Promise<R>) =>
  (of: A): Promise<R> => {
    const turn = last.then(async () => {
      if (isSlow) return patiently(of);
      try {
        return await quickly(workflowInfo().taskTimeoutMs * SHARE_OF_TASK)(of);
      } catch (error) {
        if (isCancellation(error) || isFinal(error)) throw error;
        isSlow = true;
        return patiently(of);
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };

/** It would fail again however long one waited. */
const isFinal = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true;

export const convene = inTurn((ms) => askQuickly(ms).convene, askPatiently.convene);
export const checkAnswer = inTurn((ms) => askQuickly(ms).checkAnswer, askPatiently.checkAnswer);
