import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ANSWER, type AnswerInput, type AnswerReply } from '../contracts/messages.ts';
import { codeOf, GRPC } from './grpc-code.ts';

/** How often an answer is sent that the case has never seen. */
const MOST_TRIES = 4;
/** What the server says of one that a worker has lost; it has no code of its own. */
const NOT_SEEN = /wasn't processed by worker/;
const AT_ONCE_MS = 100;

type Case = Pick<WorkflowHandle, 'executeUpdate'>;

/** Answers by Update. What the case does not accept comes back as a reply, with its words. */
export const sendAnswer = (handle: Case, answer: AnswerInput): Promise<AnswerReply> =>
  updateWithAnswer(handle, answer).catch((error: unknown) => {
    if (isLost(error)) return { accepted: false, why: 'The case has not taken it up. Send it again.' };
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return { accepted: false, why: error.cause?.message ?? error.message };
  });

/**
 * Answers by Update. Where many are sent at once, a worker may lose one before anybody has looked at it, and the server
 * takes none while the case's last task has failed, as on a worker that was too slow: it is sent again.
 * @throws WorkflowUpdateFailedError what the case objects to, or its end
 */
export async function updateWithAnswer(handle: Case, answer: AnswerInput): Promise<AnswerReply> {
  for (let tries = 1; ; tries++) {
    try {
      return await handle.executeUpdate<AnswerReply, [AnswerInput]>(ANSWER, { args: [answer] });
    } catch (error) {
      if (!isLost(error) || tries >= MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AT_ONCE_MS * tries));
    }
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError
    ? NOT_SEEN.test(error.cause?.message ?? error.message)
    : codeOf(error) === GRPC.failedPrecondition;
