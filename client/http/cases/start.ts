import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { digestOf } from '../../../contracts/digest.ts';
import { inputProblems, type StartableProcess } from '../../../contracts/process-inputs.ts';
import { SEARCH_ATTRIBUTES } from '../../../contracts/search-attributes.ts';
import type { CaseRun } from '../../index.ts';
import type { HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { fieldsProblem } from '../reading.ts';

export interface StartOrder {
  readonly process: StartableProcess;
  /** As it came, and before any schema has put it right: the caller knows no other. */
  readonly input: unknown;
  readonly tenant: string;
  /** Who starts it, and so may not approve it. */
  readonly startedBy: string;
  /** What the id of the case is made of: the same words, the same case. */
  readonly identity: unknown;
}

/**
 * Starts a case, once: the same identity with the same input gives the run that there is, be it at work, waiting or
 * over.
 * @throws Problem 422 where the process does not take the input, or the identity belongs to another one
 */
export async function startOnce(
  parts: Pick<HttpParts, 'client' | 'taskQueue' | 'knowsAttributes'>,
  order: StartOrder,
): Promise<{ readonly run: CaseRun; readonly isNew: boolean }> {
  const problems = inputProblems(order.process, order.input);
  if (problems.length > 0) throw fieldsProblem(problems);
  const workflowId = caseIdOf(order.process, order.identity);
  const inputDigest = digestOf(order.input);
  try {
    return { run: await start(parts, order, workflowId, inputDigest), isNew: true };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { run: await sameRun(parts.client, workflowId, inputDigest), isNew: false };
  }
}

/** An id that tells nothing: workflow ids are encrypted nowhere. */
export const caseIdOf = (process: StartableProcess, identity: unknown): string =>
  `${process}-${digestOf(identity).slice(0, 32)}`;

async function start(
  { client, taskQueue, knowsAttributes }: Pick<HttpParts, 'client' | 'taskQueue' | 'knowsAttributes'>,
  { process, input, tenant, startedBy }: StartOrder,
  workflowId: string,
  inputDigest: string,
): Promise<CaseRun> {
  const indexed = await knowsAttributes();
  const handle = await client.workflow.start(process, {
    taskQueue,
    workflowId,
    args: [input],
    // An ended case is not begun anew for as long as the server remembers it; after that, effects remember theirs.
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'FAIL',
    memo: { tenant, startedBy, inputDigest },
    ...(indexed ? { typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.tenant, value: tenant }] } : {}),
  });
  return { workflowId, runId: handle.firstExecutionRunId };
}

async function sameRun(client: Client, workflowId: string, inputDigest: string): Promise<CaseRun> {
  const { runId, memo } = await client.workflow.getHandle(workflowId).describe();
  if (memo?.['inputDigest'] === inputDigest) return { workflowId, runId };
  throw new Problem(
    'key-reused',
    `This key has started ${workflowId} with another body. Send that body again, or take a new key for this one.`,
  );
}
