import { showAmount } from './amounts.ts';
import type { Category, ExpensePolicy } from './expense-policy.ts';
import { GENERAL_RULES } from './expense-policy.ts';

/**
 * Who decides about an expense report. Pure arithmetic over bound sums: no text in a claim, and nothing that a model
 * says, is an argument of these functions, but for how sure it was, which can only ask for more people.
 */
export type Tier = 'automatic' | 'manager' | 'director';

export interface Finding {
  readonly rule: string;
  readonly says: string;
}

/** A claim of the same employee at a close merchant, days before or after. */
export interface Related {
  readonly requestId: string;
  readonly lineId: string;
  readonly homeMinor: number;
}

/** A line as the tools have answered about it. */
export interface CheckedLine {
  readonly lineId: string;
  readonly homeMinor: number;
  readonly category: Category;
  readonly verdict: 'inside' | 'outside' | 'never';
  readonly findings: readonly Finding[];
  readonly related: readonly Related[];
  /** The least sure reading that it rests on; 1 where a person has settled it. */
  readonly confidence: number;
}

export interface WeighedLine extends Pick<CheckedLine, 'lineId' | 'homeMinor' | 'category'> {
  readonly findings: Finding[];
  /** `pay` needs nobody, `ask` needs the tier's person, `refuse` is refused by a rule. */
  readonly proposed: 'pay' | 'ask' | 'refuse';
}

export interface Weighed {
  readonly tier: Tier;
  /** What the lines come to that no rule refuses. */
  readonly totalMinor: number;
  readonly lines: WeighedLine[];
}

type Figures = Pick<ExpensePolicy, 'currency' | 'managerFromMinor' | 'directorAboveMinor' | 'confidence'>;

/** Below 500.00 automatic, to 5,000.00 inclusive the manager, above the director, where the policy says so. */
export function tierOf(minor: number, { managerFromMinor, directorAboveMinor }: Figures): Tier {
  if (minor < managerFromMinor) return 'automatic';
  return minor <= directorAboveMinor ? 'manager' : 'director';
}

/** Each line's way, and the tier of the whole: the report's own sum, and what it was split off from. */
export function weigh(checked: readonly CheckedLine[], figures: Figures): Weighed {
  const kept = checked.filter(({ verdict }) => verdict !== 'never');
  const totalMinor = sum(kept.map(({ homeMinor }) => homeMinor));
  const elsewhere = new Map<string, number>();
  for (const { requestId, lineId, homeMinor } of kept.flatMap(({ related }) => related)) {
    const claim = `${requestId} ${lineId}`;
    // One of them may stand for others too.
    elsewhere.set(claim, Math.max(homeMinor, elsewhere.get(claim) ?? 0));
  }
  const togetherMinor = totalMinor + sum([...elsewhere.values()]);
  const tier = tierOf(togetherMinor, figures);
  const split = tier !== tierOf(totalMinor, figures);
  return {
    tier,
    totalMinor,
    lines: checked.map((line) => weighLine(line, tier, split ? togetherMinor : undefined, figures)),
  };
}

function weighLine(line: CheckedLine, tier: Tier, splitOff: number | undefined, figures: Figures): WeighedLine {
  const { lineId, homeMinor, category, verdict, related, confidence } = line;
  const unsure = confidence < figures.confidence;
  const findings = [...line.findings];
  if (verdict !== 'never' && splitOff !== undefined && related.length > 0)
    findings.push({
      rule: GENERAL_RULES.split,
      says: `with ${related.length} close claims it comes to ${showAmount(splitOff, figures.currency)}`,
    });
  if (verdict !== 'never' && unsure)
    findings.push({
      rule: GENERAL_RULES.unsure,
      says: `read with confidence ${confidence}, below ${figures.confidence}`,
    });
  const needsPerson = verdict === 'outside' || tier !== 'automatic' || unsure;
  const proposed = verdict === 'never' ? 'refuse' : needsPerson ? 'ask' : 'pay';
  return { lineId, homeMinor, category, findings, proposed };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
