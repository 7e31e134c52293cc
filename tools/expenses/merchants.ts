import { folded } from '../words.ts';

/** Words that say what kind of firm it is, and not which. */
const FORMS = new Set(
  'ab ag as bv b.v co company corp gmbh inc kg limited llc ltd oy plc s.a sa sarl sas sl s.l srl sp z o.o spolka akcyjna the'.split(
    ' ',
  ),
);

const ALIKE = 0.8;

/** Whether two names can be one merchant: the same words, one name inside the other, or nearly the same letters. */
export function closeMerchants(one: string, other: string): boolean {
  const [first, second] = [one, other].map(tellingWords);
  if (!first || !second || first.length === 0 || second.length === 0) return folded(one) === folded(other);
  const [fewer, more] = first.length <= second.length ? [first, second] : [second, first];
  if (fewer.every((word) => more.includes(word))) return true;
  return likeness(first.join(' '), second.join(' ')) >= ALIKE;
}

/** Without legal forms, and without numbers: the number of a branch or of a till is no other merchant. */
const tellingWords = (name: string): string[] =>
  folded(name)
    .split(' ')
    .filter((word) => word.length > 1 && !FORMS.has(word) && !/^\d+$/.test(word));

/** Dice's coefficient over pairs of letters, 0 to 1. */
function likeness(one: string, other: string): number {
  const left = pairsOf(other);
  const pairs = pairsOf(one);
  const total = pairs.length + left.length;
  let shared = 0;
  for (const pair of pairs) {
    const at = left.indexOf(pair);
    if (at < 0) continue;
    left.splice(at, 1);
    shared += 1;
  }
  return total === 0 ? 0 : (2 * shared) / total;
}

const pairsOf = (text: string): string[] =>
  Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
