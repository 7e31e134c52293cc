import { ServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { sendAnswer } from '../../client/send-answer.ts';
import type { AnswerReply } from '../../contracts/messages.ts';

const ANSWER = { approval: 'createAccount-1', verdict: 'approve', by: 'carla', digest: 'f'.repeat(12) } as const;
const LOST = "Workflow Update is rejected because it wasn't processed by worker. Probably, it is not supported.";

const failed = (words: string) =>
  new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.nonRetryable(words));

/** A case that says these things in turn, and then takes the answer. */
const caseThatSays = (...words: readonly string[]) => caseThatThrows(...words.map(failed));

function caseThatThrows(...errors: readonly Error[]) {
  let tries = 0;
  const executeUpdate = async (): Promise<AnswerReply> => {
    const error = errors[tries++];
    if (error === undefined) return { accepted: true };
    throw error;
  };
  return { handle: { executeUpdate } as never, tries: () => tries };
}

/** As the SDK wraps what gRPC says. */
const serverSays = (code: number) =>
  new ServiceError('Workflow Update failed', {
    cause: Object.assign(new Error('gRPC'), { code, details: '', metadata: {} }),
  });

describe('an answer that is sent', () => {
  it('is sent again where the worker has lost it before anybody saw it (BA-84)', async () => {
    const { handle, tries } = caseThatSays(LOST, LOST);
    expect(await sendAnswer(handle, ANSWER)).toEqual({ accepted: true });
    expect(tries()).toBe(3);
  });

  it('is sent again where the case could take nothing, since its last task had failed', async () => {
    const { handle, tries } = caseThatThrows(serverSays(9), serverSays(9));
    expect(await sendAnswer(handle, ANSWER)).toEqual({ accepted: true });
    expect(tries()).toBe(3);
  });

  it('is sent once where the server is not there, which is for whoever sent it to hear', async () => {
    const { handle, tries } = caseThatThrows(serverSays(14));
    await expect(sendAnswer(handle, ANSWER)).rejects.toThrow('Workflow Update failed');
    expect(tries()).toBe(1);
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
