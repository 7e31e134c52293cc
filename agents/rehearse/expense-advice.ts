import { type CurrencyCode, showAmount } from '../../contracts/amounts.ts';
import type { WeighedLine } from '../../contracts/expense-tiers.ts';

interface AdviceInput {
  readonly tier: string;
  readonly currency: CurrencyCode;
  readonly lines: readonly WeighedLine[];
}

/** Findings that a person should see the receipt for, and those that only say that it is covered. */
const GRAVE = /^(?:DUPL|SPLT|RCPT|CONF)-/;

/** One verdict a line, from what was found about it. */
export function rehearseAdvice({ lines, currency, tier }: AdviceInput) {
  const advice = lines.map((line) => adviseOn(line, currency));
  const doubtful = advice.filter(({ verdict }) => verdict === 'look-closer').length;
  return {
    arguments: { advice },
    confidence: doubtful > 0 ? 0.85 : 0.93,
    reasoning: `Of ${lines.length} lines in the tier ${tier}, ${doubtful} need a closer look.`,
  };
}

function adviseOn({ lineId, homeMinor, category, proposed, findings }: WeighedLine, currency: CurrencyCode) {
  const grave = findings.filter(({ rule }) => GRAVE.test(rule));
  const verdict =
    proposed === 'refuse' ? ('refuse' as const) : grave.length > 0 ? ('look-closer' as const) : ('approve' as const);
  const telling = grave.length > 0 ? grave : findings;
  const words = telling.map(({ says }) => says).join('; ');
  return {
    lineId,
    verdict,
    ruleIds: [...new Set(telling.map(({ rule }) => rule))].slice(0, 6),
    evidence: `${showAmount(homeMinor, currency)} for ${category}: ${words}.`.slice(0, 240),
  };
}
