import { fold } from './words.ts';

interface Choice {
  readonly lineId: string;
  readonly merchant: string;
  readonly memo: string;
  readonly codes: readonly { readonly code: string; readonly name: string }[];
}

/** Words for the names of ledger codes, beside those names' own. */
const ALSO: Readonly<Record<string, RegExp>> = {
  air: /\b(?:flight|airline|airways|vuelo)\b/,
  rail: /\b(?:train|bahn|zug|railway|pociag|billet)\b/,
  road: /\b(?:taxi|cab|bus|fuel|petrol|parking|car|paliw|tanken|toll)\b/,
};

const NOT_IN_A_LEDGER = /[^\p{L}\p{N} .,'()/&-]+/gu;

/** For each line the code whose name its words fit best; else its first. */
export function rehearsePostings({ choices }: { readonly choices: readonly Choice[] }) {
  const postings = choices.map(({ lineId, merchant, memo, codes }) => {
    const words = fold(`${memo} ${merchant}`);
    const fitting = codes.find(({ name }) => fits(name, words));
    return {
      lineId,
      ledgerCode: (fitting ?? codes[0])?.code ?? '',
      text: textOf(merchant),
      sure: fitting !== undefined || codes.length === 1,
    };
  });
  const guessed = postings.filter(({ sure }) => !sure).length;
  return {
    arguments: { postings: postings.map(({ lineId, ledgerCode, text }) => ({ lineId, ledgerCode, text })) },
    confidence: guessed > 0 ? 0.8 : 0.93,
    reasoning:
      guessed > 0 ? `${guessed} lines took the first of their codes.` : 'Each line has a code that its words fit.',
  };
}

function fits(name: string, words: string): boolean {
  const own = fold(name)
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length > 2);
  return own.some((word) => new RegExp(`\\b${word}\\b`, 'u').test(words) || ALSO[word]?.test(words));
}

/** A merchant without what a ledger's text may not have, and without dots that would make it an address. */
function textOf(merchant: string): string {
  const text = `expense, ${merchant}`.replace(NOT_IN_A_LEDGER, ' ').replaceAll('.', ' ').replace(/\s+/gu, ' ').trim();
  return [...text].slice(0, 60).join('').trim();
}
