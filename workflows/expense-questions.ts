import { type CurrencyCode, showAmount } from '../contracts/amounts.ts';
import type { Answer } from '../contracts/decision.ts';
import type { ExpensePolicy } from '../contracts/expense-policy.ts';
import type { Tier, WeighedLine } from '../contracts/expense-tiers.ts';
import { reimburseExpenses } from '../contracts/tools/expenses.ts';
import type { Case } from './case.ts';
import type { Question } from './request.ts';

/** What was advised about a line, for the person who decides. */
export interface Advice {
  readonly lineId: string;
  readonly verdict: string;
  readonly ruleIds: readonly string[];
  readonly evidence: string;
}

/** What was decided about a line: by `policy`, by a role, or by `nobody` where nobody answered. */
export interface LineDecision {
  readonly line: WeighedLine;
  readonly pay: boolean;
  readonly decidedBy: string;
  /** Digest of the answer. */
  readonly agreement: string | null;
  /** The yes that the payment of the line rests on. */
  readonly yes?: Answer;
}

export interface Asking {
  readonly tier: Tier;
  readonly currency: CurrencyCode;
  readonly advice: readonly Advice[];
  /** Of the whole recommendation. */
  readonly confidence: number;
  readonly recommendationId: string;
  /** Which model wrote it, asked with which prompt; nothing where none did. */
  readonly made?: Question['made'];
  readonly employee: string;
  readonly requestId: string;
}

/**
 * Decides each line: as the rules say where they say it, else by the person of the report's tier. All are asked at
 * once, and each line has its own answer. A line outside policy is a manager's at least, however small.
 */
export async function decideLines(
  host: Case,
  policy: ExpensePolicy,
  lines: readonly WeighedLine[],
  asking: Asking,
): Promise<LineDecision[]> {
  return Promise.all(
    lines.map((line): Promise<LineDecision> | LineDecision => {
      if (line.proposed === 'ask') return askAbout(host, policy, line, asking);
      return { line, pay: line.proposed === 'pay', decidedBy: 'policy', agreement: null };
    }),
  );
}

async function askAbout(host: Case, policy: ExpensePolicy, line: WeighedLine, asking: Asking): Promise<LineDecision> {
  const { lineId, homeMinor, category, findings } = line;
  const { tier, currency, confidence, recommendationId, made, employee, requestId } = asking;
  const { verdict, ruleIds, evidence } = asking.advice.find((each) => each.lineId === lineId) ?? {
    verdict: 'none',
    ruleIds: [],
    evidence: '',
  };
  const decider = tier === 'director' ? 'director' : 'manager';
  const rules = findings.map(({ rule, says }) => `${rule} ${says}`).join('; ');
  const recommendation = { recommendationId, verdict, ruleIds, evidence, confidence };
  const sayings = new Map(policy.rules.map(({ id, says }) => [id, says]));
  const reply = await host.requests.ask({
    about: {
      subject: `${requestId} line ${lineId}`,
      amount: { minor: homeMinor, currency },
      tier: decider,
      rule: findings[0]?.rule ?? 'tier',
      why: rules || `The report comes to the ${decider}'s tier.`,
      risk: decider === 'director' ? 'high' : findings.length > 0 ? 'medium' : 'low',
      recommendation: {
        verdict,
        confidence,
        evidence,
        clauses: ruleIds.map((id) => ({
          id,
          says: sayings.get(id) ?? findings.find(({ rule }) => rule === id)?.says ?? '',
        })),
      },
      consequence: `${showAmount(homeMinor, currency)} are reimbursed with the rest of the report; otherwise the line is refused.`,
      reversible: false,
    },
    grant: () => ({ tool: reimburseExpenses.name, args: { requestId, employee, lineId, homeMinor, currency } }),
    kind: 'finding',
    step: `line-${lineId}`,
    asks: `Reimburse line ${lineId}, ${showAmount(homeMinor, currency)}, ${category}? Advised: ${verdict} (${confidence}). ${rules}.`,
    ladder: policy.ladders[decider],
    call: { lineId, homeMinor, currency, category, tier, findings, recommendation },
    facts: { policy: host.release.policy.id },
    ...(made ? { made } : {}),
    barred: [employee],
  });
  if (!('by' in reply)) return { line, pay: false, decidedBy: 'nobody', agreement: null };
  const pay = reply.verdict === 'go-on';
  return { line, pay, decidedBy: reply.role, agreement: reply.digest, ...(pay ? { yes: reply } : {}) };
}
