import type { ToolInput } from '../../contracts/tool.ts';
import { CORRECTION, type listAudit, type PastDecision } from '../../contracts/tools/audit.ts';
import { correctTicket } from '../../contracts/tools/tickets.ts';
import type { Database, Tables } from '../database.ts';

/** The process that takes corrections, and the step that makes them. */
const PROCESS = 'watchTicket';
const STEP = 'correctTicket';

/** What people put right after the fact, newest first: there as soon as it was done, and not only when the case ends. */
export async function corrections(
  database: Database,
  { caseId, process, subject, limit }: ToolInput<typeof listAudit>,
): Promise<PastDecision[]> {
  if (process !== undefined && process !== PROCESS) return [];
  let query = database.selectFrom('ticketOutcomes').selectAll();
  const ticketId = subject ?? caseId?.replace(/^watch-/, '');
  if (ticketId !== undefined) query = query.where('ticketId', '=', ticketId);
  const rows = await query
    .orderBy('at', 'desc')
    .limit(limit + 1)
    .execute();
  return rows.map(asDecision);
}

function asDecision({ ticketId, wrong, right, by, reason, at }: Tables['ticketOutcomes']): PastDecision {
  const when = new Date(Number(at)).toISOString();
  return {
    caseId: `watch-${ticketId}`,
    process: PROCESS,
    at: when,
    step: STEP,
    agent: STEP,
    tool: correctTicket.name,
    outcome: 'done',
    verdict: 'allowed',
    why: `${wrong} was wrong, ${right} is right`,
    costMicroUsd: 0,
    kind: CORRECTION,
    subject: ticketId,
    answers: [{ approval: STEP, verdict: 'correct', by, role: 'ticket-desk', at: when, reason, identity: 'asserted' }],
  };
}
