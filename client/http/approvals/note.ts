import type { OpenRequest, RequestSummary } from '../../../contracts/messages.ts';
import { statusOf } from '../cases/show.ts';
import type { HttpParts } from '../parts.ts';
import type { Board } from './board.ts';

/** Tells the board what a case waits for now that somebody has answered: lists show it before the server's lists do. */
export async function noteCase(parts: HttpParts, board: Board, caseId: string): Promise<void> {
  try {
    const { runId } = await parts.client.workflow.getHandle(caseId).describe();
    const status = await statusOf(parts, { workflowId: caseId, runId });
    if (status)
      board.noted(
        caseId,
        runId,
        status.waiting.map((request) => summaryOf(request, status.process)),
      );
  } catch {
    // The next look at the server's lists tells it too.
  }
}

function summaryOf(request: OpenRequest, process: string): RequestSummary {
  const { approval, kind, role, named, asks, subject, amount, tier, rule, risk, askedAt, until, due, digest } = request;
  const { confidence, claimedBy, barred, recommendation, held } = request;
  return {
    ...{ approval, kind, role, asks, subject, tier, rule, risk, askedAt, until, due, digest, barred, process },
    ...(named ? { named } : {}),
    ...(amount ? { amount } : {}),
    ...(confidence === undefined ? {} : { confidence }),
    ...(claimedBy ? { claimedBy } : {}),
    ...(recommendation ? { advice: recommendation.verdict } : {}),
    ...(held ? { held: true } : {}),
  };
}
