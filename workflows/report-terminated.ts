import { z } from 'zod';
import { escalate } from '../agents/index.ts';
import { FAILURES } from '../contracts/failures.ts';
import { openCase, parseInput } from './open-case.ts';

const Terminated = z.strictObject({ caseId: z.string().min(1).max(200), runId: z.string().min(1).max(64) });

/** A terminated run leaves no audit behind. The sweep starts one of these for each, and people hear of it. */
export async function reportTerminated(raw: unknown): Promise<{ outcome: string }> {
  const { caseId, runId } = parseInput(Terminated, raw);
  const report = await openCase('reportTerminated', { reference: runId, requestedBy: 'sweep' });
  return report.run(async () => {
    const allowedQueues = [FAILURES.Terminated.queue];
    const leftBehind = ['whatever the run had done by then'];
    await report.step(
      escalate,
      { caseId, failureType: 'Terminated', step: 'unknown', allowedQueues, leftBehind },
      { leaves: 'an escalation' },
    );
    return { outcome: 'reported' };
  });
}
