import { composed, fold, hasCue } from './words.ts';

interface Line {
  readonly item: string;
  readonly quantity: number;
  /** False where a number is missing, or could mean something else. */
  readonly sure: boolean;
}

const SKU = /\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b/u;
const NUMBER = String.raw`[-−]?\d+(?:[.,]\d+)*(?:e\d+)?`;
const WORDS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  dozen: 12,
  ein: 1,
  eine: 1,
  einen: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  funf: 5,
  un: 1,
  une: 1,
  deux: 2,
  trois: 3,
  quatre: 4,
};
const COUNT = new RegExp(`(?<![\\p{L}\\d-])(${NUMBER}|${Object.keys(WORDS).join('|')})(?![\\p{L}\\d])`, 'iu');
/** Between the number and what is counted. */
const UNIT = /^\s*(?:x|×|\*|pcs?\.?|pieces?|units?|stück|stk\.?|mal|of)\s+/iu;

/** What introduces an order; only sentences with one of these, and list lines, order something. */
const ORDER_CUES = [
  'order',
  'send',
  'need',
  'would like',
  "i'd like",
  'want',
  'buy',
  'ship',
  'please',
  'bestell',
  'brauche',
  'mochte',
  'commande',
  'voudrais',
  'souhaite',
];
/** A sentence with one of these orders nothing: it speaks of earlier days, or of what is not wanted. */
const NOT_NOW = [
  'last time',
  'last week',
  'last month',
  'last year',
  'already',
  'earlier order',
  'previous',
  'returned',
  'instead of',
  'not need',
  "don't",
  'do not',
  'coupon',
  'voucher',
];

/** A line with one of these speaks to a machine, and so does all the rest of it. */
const TO_A_MACHINE = ['ignore', 'instruction', 'system:', 'assistant', 'administrator', 'override'];

/** Reads products and quantities out of an order: list lines, and sentences that order something. */
export function rehearseOrderLines(message: string) {
  const lines = sentencesOf(composed(message)).flatMap(linesIn).slice(0, 20);
  if (lines.length === 0) return { arguments: {}, confidence: 0.2, reasoning: 'Nothing in it orders anything.' };
  const sure = lines.every((line) => line.sure);
  return {
    arguments: { lines: lines.map(({ item, quantity }) => ({ item, quantity })) },
    confidence: sure ? 0.93 : 0.6,
    reasoning: sure
      ? `${lines.length} products with their quantities are ordered.`
      : 'A quantity is missing, or could be read in two ways.',
  };
}

/** List lines stand for themselves; in running text a sentence ends at a stop that is no decimal point. */
function sentencesOf(text: string): { words: string; listed: boolean }[] {
  const lines = text.split('\n').filter((line) => !hasCue(fold(line), TO_A_MACHINE));
  return lines.flatMap((line): { words: string; listed: boolean }[] => {
    const listed = /^\s*(?:[-*•]\s|\d+\s*[x×]\s)/u.test(line);
    if (listed) return [{ words: line.replace(/^\s*[-*•]\s+/u, ''), listed }];
    return line.split(/(?<=[.!?;])\s+/u).map((words) => ({ words, listed }));
  });
}

function linesIn({ words, listed }: { words: string; listed: boolean }): Line[] {
  const folded = fold(words);
  if (hasCue(folded, NOT_NOW)) return [];
  if (!listed && !hasCue(folded, ORDER_CUES) && !SKU.test(words)) return [];
  return partsOf(words).flatMap((part) => lineIn(part) ?? []);
}

/** "two lamps, one desk and a globe" orders three things; a comma inside a number parts nothing. */
const partsOf = (words: string): string[] => words.split(/,\s+(?=\S)|\s+(?:and|und|et|plus|&)\s+/iu);

function lineIn(part: string): Line | undefined {
  const sku = SKU.exec(part)?.[0];
  const rest = sku ? part.replace(sku, ' ¤ ') : part;
  const count = COUNT.exec(fold(rest));
  if (!count) return sku ? { item: sku, quantity: 1, sure: false } : undefined;
  const read = readCount(count[1] ?? '');
  if (sku) return { item: sku, ...read };
  const name = nameAfter(rest.slice(count.index + count[0].length));
  return name ? { item: name, ...read } : undefined;
}

function readCount(text: string): Pick<Line, 'quantity' | 'sure'> {
  const word = WORDS[text];
  if (word !== undefined) return { quantity: word, sure: true };
  const plain = text.replace('−', '-');
  // 1,000 may be a thousand or one.
  const ambiguous = /^-?\d{1,3}[.,]\d{3}$/.test(plain);
  return { quantity: Number(plain.replace(',', '.')), sure: !ambiguous };
}

/** The noun behind a number, up to where the sentence goes on about something else. */
function nameAfter(text: string): string | undefined {
  const words = text.replace(UNIT, '').trim();
  const [name = ''] = words.split(/[.!?;:()]|\s(?:to|for|by|with|in|at|from|bitte|please|this|next|per)\s/iu);
  const trimmed = name.replace(/[\s,.!?]+$/u, '').replace(/^(?:of\s+)?(?:your|the|those|these)\s+/iu, '');
  return /\p{L}{2}/u.test(trimmed) ? trimmed.slice(0, 120) : undefined;
}
