import { NotAsked, type Said, signAnswer } from '../client/answering.ts';
import type { CaseRun, Governor } from '../client/index.ts';
import type { AnswerReply, OpenRequest } from '../contracts/messages.ts';
import { openPromptStore } from '../prompts/store.ts';
import { signerOf } from './answer-keys.ts';
import type { Config } from './config.ts';

/** Answers as a person of the house, signed with the key of this installation: whoever holds it can speak for everybody. */
export type Answering = (
  governor: Pick<Governor, 'answer'>,
  run: CaseRun,
  request: OpenRequest,
  by: string,
  said: Said,
) => Promise<AnswerReply>;

/** For what runs beside the house itself, the demo and the checks: it reads key and directory with each answer. */
export function answeringWith(config: Pick<Config, 'stateDir' | 'answers' | 'promptsDir'>): Answering {
  const prompts = openPromptStore(config.promptsDir);
  return async (governor, run, request, by, said) => {
    const { people } = await prompts.directory();
    try {
      const answer = await signAnswer(signerOf(config), people, by, run.workflowId, request, said);
      return await governor.answer(run, answer);
    } catch (error) {
      if (error instanceof NotAsked) return { accepted: false, why: error.message };
      throw error;
    }
  };
}
