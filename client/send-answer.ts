import { type WorkflowHandle, WorkflowUpdateFailedError } from '@temporalio/client';
import { ANSWER, type AnswerInput, type AnswerReply } from '../contracts/messages.ts';

/** How often an answer is sent that the worker has never seen. */
const MOST_TRIES = 4;
/** What the server says of it; it has no code of its own. */
const NOT_SEEN = /wasn't processed by worker/;
const AT_ONCE_MS = 100;

type Case = Pick<WorkflowHandle, 'executeUpdate'>;

/** Answers by Update. Where many are sent at once, a worker may lose one before anybody has looked at it: it is sent again. */
export async function sendAnswer(handle: Case, answer: AnswerInput): Promise<AnswerReply> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const reply = await sendOnce(handle, answer);
    if (!NOT_SEEN.test(reply.why ?? '')) return reply;
    await new Promise((resolve) => setTimeout(resolve, AT_ONCE_MS * tries));
  }
  return { accepted: false, why: 'The case has not taken it up. Send it again.' };
}

/** What the case does not accept comes back with its words. */
const sendOnce = (handle: Case, answer: AnswerInput): Promise<AnswerReply> =>
  handle.executeUpdate<AnswerReply, [AnswerInput]>(ANSWER, { args: [answer] }).catch((error: unknown) => {
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    return { accepted: false, why: error.cause?.message ?? error.message };
  });
