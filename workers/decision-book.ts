import type { ToolClient } from '../activities/tool-client.ts';
import type { DecisionBook } from '../client/http/parts.ts';
import { Problem } from '../client/http/problem.ts';
import { listAudit } from '../contracts/tools/audit.ts';

const TIMEOUT_MS = 5000;

/** The decisions that the audit keeps, long after the server has forgotten their cases; each for its tenant alone. */
export const openDecisionBook = (tools: ToolClient): DecisionBook => ({
  list: async (query) => {
    const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
    // Without a key the ledger does not remember what was read: lists are asked for often, and are long.
    const call = { signal: AbortSignal.timeout(TIMEOUT_MS), timeoutMs: TIMEOUT_MS, key: '' };
    try {
      return (await tools.call(listAudit, asked, call)).answer;
    } catch {
      const words = 'The audit does not answer right now. Try again in a few seconds.';
      throw new Problem('not-now', words, { retryAfterS: 5 });
    }
  },
});
