import { summarize } from '../../../contracts/request-summary.ts';
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
        status.waiting.map((request) => summarize(request, status.process)),
      );
  } catch {
    // The next look at the server's lists tells it too.
  }
}
