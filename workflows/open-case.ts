import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { type CaseRelease, unknownIn } from '../contracts/release.ts';
import { loadRelease } from './activities.ts';
import { Case, type CaseOptions } from './case.ts';
import { asRunFailure, WAY_OUT } from './closing.ts';
import { CaseFailure } from './endings.ts';
import { describeIssues } from './listening.ts';
import { tell } from './signals.ts';

/**
 * The door of every workflow.
 * @throws ApplicationFailure InvalidInput, which ends the run in words that tell the caller what to send
 */
export function parseInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  tell({ kind: 'input-refused', process: workflowInfo().workflowType });
  throw ApplicationFailure.nonRetryable(`The input cannot be taken. ${describeIssues(parsed.error)}.`, 'InvalidInput');
}

/** Loads the release that this case keeps to its end, sets its bounds, and begins to listen. */
export async function openCase(process: string, options: CaseOptions): Promise<Case> {
  const { workflowId, startTime } = workflowInfo();
  const { names } = options;
  const release = await loadRelease({ caseId: workflowId, process, ...(names ? { names } : {}) });
  leaveToLaterVersion(release);
  const facts = { caseId: workflowId, process, startedAt: startTime.toISOString() };
  const limits = release.policy.processes[process];
  if (!limits)
    throw asRunFailure(
      fail('ReleaseBroken', `The policy ${release.policy.id} has no row for ${process}.`, { process }),
      'open',
    );
  try {
    const opened = new Case(facts, release, limits, options, WAY_OUT);
    tell({ kind: 'case-began', process });
    return opened;
  } catch (error) {
    throw error instanceof CaseFailure ? asRunFailure(error.failure, 'open') : error;
  }
}

/**
 * While a new version is rolled out, a case that it has begun may come to a worker of this one, which would go another way
 * and leave a history that neither can go on with. An error that is no failure of ours fails the task alone, and the server
 * offers it until a worker of the new version takes it.
 */
function leaveToLaterVersion(release: CaseRelease): void {
  const unknown = unknownIn(release);
  if (unknown.length > 0)
    throw new Error(`A later version began this case, and goes on with it; unknown here: ${unknown.join(', ')}.`);
}
