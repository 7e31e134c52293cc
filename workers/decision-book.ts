import { randomUUID } from 'node:crypto';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ToolClient } from '../activities/tool-client.ts';
import { ownerOf } from '../client/http/found-case.ts';
import type { DecisionBook } from '../client/http/parts.ts';
import { Problem } from '../client/http/problem.ts';
import { listAudit } from '../contracts/tools/audit.ts';

const TIMEOUT_MS = 5000;
/** Tenants of so many cases are remembered: a case never changes hands. */
const MOST_KNOWN = 5000;

/** The decisions that the audit keeps, each for the tenant of its case alone. */
export function openDecisionBook(tools: ToolClient, client: Client): DecisionBook {
  const tenantOf = tenants(client);
  return {
    list: async ({ tenant, ...query }) => {
      const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
      const call = { signal: AbortSignal.timeout(TIMEOUT_MS), timeoutMs: TIMEOUT_MS, key: randomUUID() };
      const { answer } = await tools.call(listAudit, asked, call).catch(() => {
        throw new Problem('not-now', 'The audit does not answer right now. Try again in a few seconds.', {
          retryAfterS: 5,
        });
      });
      const owned = await Promise.all(
        answer.decisions.map(async (decision) => ((await tenantOf(decision.caseId)) === tenant ? [decision] : [])),
      );
      return { decisions: owned.flat(), more: answer.more };
    },
  };
}

/** Whose a case is, by what was written down when it started; nobody's where the server has forgotten it. */
function tenants(client: Client): (caseId: string) => Promise<string | undefined> {
  const known = new Map<string, Promise<string | undefined>>();
  return (caseId) => {
    const before = known.get(caseId);
    if (before) return before;
    const found = client.workflow
      .getHandle(caseId)
      .describe()
      .then(
        (info): string | undefined => ownerOf(info).tenant,
        (error: unknown) => {
          known.delete(caseId);
          if (error instanceof WorkflowNotFoundError) return undefined;
          throw error;
        },
      );
    known.set(caseId, found);
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? '');
    return found;
  };
}
