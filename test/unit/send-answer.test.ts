import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { sendAnswer } from '../../client/send-answer.ts';
import type { AnswerReply } from '../../contracts/messages.ts';

const ANSWER = { approval: 'createAccount-1', verdict: 'approve', by: 'carla', digest: 'f'.repeat(12) } as const;
const LOST = "Workflow Update is rejected because it wasn't processed by worker. Probably, it is not supported.";

/** A case that says these things in turn, and then takes the answer. */
function caseThatSays(...words: readonly string[]) {
  let tries = 0;
  const executeUpdate = async (): Promise<AnswerReply> => {
    const said = words[tries++];
    if (said === undefined) return { accepted: true };
    throw new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.nonRetryable(said));
  };
  return { handle: { executeUpdate } as never, tries: () => tries };
}

describe('an answer that is sent', () => {
  it('is sent again where the worker has lost it before anybody saw it (BA-84)', async () => {
    const { handle, tries } = caseThatSays(LOST, LOST);
    expect(await sendAnswer(handle, ANSWER)).toEqual({ accepted: true });
    expect(tries()).toBe(3);
  });

  it('is not sent for ever', async () => {
    const { handle, tries } = caseThatSays(LOST, LOST, LOST, LOST, LOST);
    expect(await sendAnswer(handle, ANSWER)).toEqual({
      accepted: false,
      why: 'The case has not taken it up. Send it again.',
    });
    expect(tries()).toBe(4);
  });

  it('is sent once where the case refuses it, and its words come back', async () => {
    const { handle, tries } = caseThatSays('Nobody answers about their own request.');
    const reply = await sendAnswer(handle, ANSWER);
    expect(reply).toEqual({ accepted: false, why: 'Nobody answers about their own request.' });
    expect(tries()).toBe(1);
  });
});
