import { type AnswerClaims, YES_VERDICTS } from '../contracts/answer-token.ts';
import { isBeyondLimit } from '../contracts/automatic-limits.ts';
import { Failed, fail } from '../contracts/failures.ts';
import { covers, type Need, type NeededGrant } from '../contracts/grants.ts';
import type { Tool } from '../contracts/tool.ts';
import { type AnswerVerifier, openAnswerVerifier } from '../keys/answers.ts';
import type { ToolSettings } from './settings.ts';

/**
 * Stands before a tool's effect. Whoever calls, a worker included, is believed as far as people's signatures go.
 * @throws Failed ApprovalMissing
 */
export type Gate = (
  tool: Pick<Tool, 'name' | 'yesLastsS'>,
  need: Need | undefined,
  approvals: readonly string[],
) => Promise<void>;

/** No call needs more yeses than a certificate has approvals. */
const MOST_TOKENS = 40;

/** The gate of an installation, or none where it has no keys. Throws where its keys cannot be read. */
export function gateOf({ answerKeys }: Pick<ToolSettings, 'answerKeys'>, now: () => number): Gate | undefined {
  return answerKeys === undefined ? undefined : gateWith(openAnswerVerifier(answerKeys, { now }));
}

/** Lets a call through that stays below the automatic limit, or whose every grant is covered by a yes of its own. */
export function gateWith(verifier: AnswerVerifier): Gate {
  return async ({ name: tool, yesLastsS }, need, approvals) => {
    if (!need || !isBeyondLimit(tool, need)) return;
    const { yeses, refusals } = await readYeses(verifier, approvals.slice(0, MOST_TOKENS), need, yesLastsS);
    const unused = new Set(yeses);
    const missing = need.grants.filter((grant) => {
      const found = [...unused].find((yes) => holdsFor(yes, grant));
      return !found || !unused.delete(found);
    });
    if (missing.length === 0 && need.grants.length > 0) return;
    const details = { tool, needed: need.grants.length, missing: missing.length, given: approvals.length, refusals };
    throw new Failed(fail('ApprovalMissing', 'This call needs signed yeses that it does not bring along.', details));
  };
}

/** What people have said yes to in a capacity that counts here, once each, and why other tokens do not count. */
async function readYeses(verifier: AnswerVerifier, tokens: readonly string[], need: Need, lastsS: number | undefined) {
  const yeses = new Map<string, AnswerClaims>();
  const refusals = new Set<string>();
  for (const token of tokens) {
    const verified = await verifier.verify(token, lastsS);
    const why = verified.ok ? whyNoYes(verified.claims, need) : verified.why;
    if (why) refusals.add(why);
    else if (verified.ok) yeses.set(verified.claims.jti, verified.claims);
  }
  return { yeses: yeses.values(), refusals: [...refusals].slice(0, 10) };
}

function whyNoYes({ verdict, role }: AnswerClaims, { roles }: Need): string | undefined {
  if (!YES_VERDICTS.includes(verdict)) return 'a verdict that is no yes';
  // A customer speaks for themselves, and never for the house.
  const may = roles ? roles.includes(role) : role !== 'customer';
  return may ? undefined : 'a role that does not count for this tool';
}

function holdsFor({ grant, sub, digest }: AnswerClaims, needed: NeededGrant): boolean {
  const { by, notBy } = needed;
  if (by !== undefined && by !== sub) return false;
  if (notBy !== undefined && notBy.trim().toLowerCase() === sub.toLowerCase()) return false;
  if (needed.digest !== undefined && needed.digest !== digest) return false;
  return covers(grant, { tool: needed.tool, args: needed.args });
}
