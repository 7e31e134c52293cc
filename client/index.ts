import type { Client } from '@temporalio/client';
import { type AnswerInput, type AnswerReply, type CaseStatus, STATUS, TASK_QUEUE } from '../contracts/messages.ts';
import type { ProcessInput, StartableProcess } from '../contracts/process-inputs.ts';
import type * as workflows from '../workflows/index.ts';
import { type CaseEnd, endOfCase } from './case-end.ts';
import { type CaseHistory, readHistory } from './history.ts';
import { openHistory } from './open-history.ts';
import { sendAnswer } from './send-answer.ts';

export type { ProcessInput, StartableProcess } from '../contracts/process-inputs.ts';
export type { CaseEnd } from './case-end.ts';
export type { CaseHistory, StepHistory } from './history.ts';

/** The business processes, by the names of their workflow types. */
export type ProcessName = Exclude<keyof typeof workflows, 'default'>;

/** What a process takes; anything, where the process is not known before. */
export type InputOf<P extends ProcessName> = P extends StartableProcess ? ProcessInput<P> : unknown;

/** One run of one case. */
export interface CaseRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** Cases, typed: start one, see how it is, answer what it asks, hear how it ended. */
export interface Governor {
  /**
   * Starts a case with what its process takes; an id that is in use is refused by the server. `start<ProcessName>` is for
   * an input that nobody has looked at: the case itself refuses what it does not take.
   */
  start<P extends ProcessName>(process: P, input: InputOf<P>, workflowId: string): Promise<CaseRun>;
  /** Nothing as long as no worker has taken the case up. */
  status(run: CaseRun): Promise<CaseStatus | undefined>;
  /** Answers by Update. What the case does not accept comes back as a reply, with the reason. */
  answer(run: CaseRun, answer: AnswerInput): Promise<AnswerReply>;
  /** Waits for the end. */
  result(run: CaseRun): Promise<CaseEnd>;
  cancel(run: CaseRun): Promise<void>;
  /** What the server has written down about the run, whoever worked on it. */
  history(run: CaseRun): Promise<CaseHistory>;
}

const QUERY_PATIENCE_MS = 3000;

/** @param over aborted when nobody waits for results any more */
export function createGovernor(client: Client, over: AbortSignal = new AbortController().signal): Governor {
  const handleOf = ({ workflowId, runId }: CaseRun) => client.workflow.getHandle(workflowId, runId);
  return {
    start: async (process, input, workflowId) => {
      const handle = await client.workflow.start(process, { taskQueue: TASK_QUEUE, workflowId, args: [input] });
      return { workflowId, runId: handle.firstExecutionRunId };
    },
    status: (run) =>
      client
        .withDeadline(Date.now() + QUERY_PATIENCE_MS, () => handleOf(run).query<CaseStatus>(STATUS))
        .catch(() => undefined),
    answer: (run, answer) => sendAnswer(handleOf(run), answer),
    result: (run) => endOfCase(client, run, over),
    cancel: async (run) => void (await handleOf(run).cancel()),
    history: async (run) => readHistory(run, await openHistory(client, await handleOf(run).fetchHistory())),
  };
}
