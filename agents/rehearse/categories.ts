import type { Category } from '../../contracts/expense-policy.ts';
import { fold } from './words.ts';

/** Words of merchants and memos, the telling ones first. */
const CUES: readonly (readonly [Category, RegExp])[] = [
  [
    'personal',
    /\b(?:fine|penalty|busgeld|strafzettel|mandat|amende|cinema|spielzeug|toys?|jewell?ery|perfume|private|privat)\b/,
  ],
  ['entertainment', /\b(?:client dinner|client lunch|kundenessen|theatre with|guests?|opera|bewirtung)\b/],
  [
    'training',
    /\b(?:training|course|conference|workshop|seminar|exam|certification|kurs|schulung|szkolenie|formation)\b/,
  ],
  ['lodging', /\b(?:hotel|hostel|inn|pension|gasthof|lodging|nights?|ubernachtung|nocleg|auberge|apartment)\b/],
  [
    'transport',
    /\b(?:rail|train|bahn|zug|ticket|flight|airline|airways|air|taxi|cab|bus|metro|tram|ferry|car hire|rental car|fuel|petrol|tanken|paliw|benzyna|mileage|parking|pociag|billet|vuelo|toll)\b/,
  ],
  ['software', /\b(?:software|licen[cs]e|subscription|hosting|cloud|saas|domain|api)\b/],
  [
    'supplies',
    /\b(?:office|pens?|notebooks?|paper|toner|stationery|desk|chair|keyboard|monitor|cable|adapter|headset|burobedarf|stuhl|biuro|supplies)\b/,
  ],
  [
    'meals',
    /\b(?:lunch|dinner|breakfast|meal|restaurant|bistro|cafe|coffee|trattoria|bakery|backerei|mittagessen|abendessen|fruhstuck|obiad|kolacja|dejeuner|diner|snack|brasserie)\b/,
  ],
];

/** A memo that talks to its reader says nothing about what was bought. */
const ORDERS =
  /[^.!?;]*\b(?:ignore|instructions?|system|assistant|you must|you are|approve[ds]?|policy|override|categor\w+|classif\w+|auto\w*|tier|manager|director)\b[^.!?;]*[.!?;]?/giu;

interface Line {
  readonly lineId: string;
  readonly merchant: string;
  readonly memo: string;
}

interface PolicyInput {
  readonly lines: readonly Line[];
  readonly rules: readonly { readonly id: string; readonly category: Category }[];
}

/** One category a line, from its words; what nothing tells is `other`. */
export function rehearseCategories({ lines, rules }: PolicyInput) {
  const read = lines.map((line) => ({ lineId: line.lineId, ...categoryOf(line) }));
  const categories = read.map(({ lineId, category }) => ({
    lineId,
    category,
    cites: rules.filter((rule) => rule.category === category).map(({ id }) => id),
  }));
  const open = read.filter(({ several }) => several).length;
  return {
    arguments: { categories },
    confidence: open > 0 ? 0.84 : 0.92,
    reasoning:
      open > 0 ? `${open} lines could be two things.` : 'Merchant and memo of each line point to one category.',
  };
}

/** What memo and merchant agree on; else what the memo says was bought; the merchant where the memo tells nothing. */
function categoryOf({ merchant, memo }: Line): { category: Category; several: boolean } {
  const byMemo = matching(memo.replace(ORDERS, ' '));
  const byMerchant = matching(merchant);
  const agreed = byMemo.find((category) => byMerchant.includes(category) && byMemo[0] !== 'personal');
  const category = agreed ?? byMemo[0] ?? byMerchant[0] ?? 'other';
  return { category, several: agreed === undefined && byMemo.length > 1 };
}

const matching = (text: string): Category[] => {
  const folded = fold(text);
  return CUES.filter(([, cue]) => cue.test(folded)).map(([category]) => category);
};
