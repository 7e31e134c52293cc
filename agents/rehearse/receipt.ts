import { isoDate, readDates } from './dates.ts';
import { amountsIn, currencyIn } from './receipt-amounts.ts';

/** Words that stand before what was paid in the end, the surest first. */
const TOTALS: readonly RegExp[] = [
  /grand ?total|total due|amount due|amount paid|total paid|due ?payable|gesamtbetrag|endbetrag|zu zahlen|rechnungsbetrag|zahlbetrag|do zapłaty|należność|razem do|net à payer|total ttc|total a pagar|te betalen|totaal te|у(?:сього|ього)|до сплати/iu,
  /\btotal\b|\bsumme\b|\bgesamt\b|\brazem\b|\bsuma\b|\bmontant\b|\bimporte\b|\btotaal\b|\btotale\b|σύνολο|разом|всього/iu,
];
/** Lines that speak of a part, or of other money. */
const NOT_IN_THE_END =
  /sub[- ]?total|zwischensumme|sous-total|\bnetto?\b|taxbasis|linetotal|\btax(?!i)|\bvat\b|mwst|\bust\b|\btva\b|\biva\b|\bbtw\b|change|rückgeld|discount|rabat|points|tip suggestion/iu;
const MERCHANT =
  /^(?:merchant|vendor|seller|sold by|from|issuer|verkäufer|rechnungssteller|lieferant|sprzedawca|vendeur|vendedor|verkoper|продавець|seller ?trade ?party name)\s*[:：]\s*(.+)$/iu;
const NO_MERCHANT =
  /receipt|invoice|rechnung|quittung|faktura|paragon|facture|recibo|factura|www\.|@|чек|рахунок|\b(?:reçu|bon|date|datum|data|tel|table|tisch)\b|^\W*$|^\d/iu;
const DATE_CUE = /date|datum|data\b|fecha|дата|ημερομηνία|issued|wystawienia/iu;
const DUE = /due|fällig|échéance|termin|payable by|delivery/iu;
/** Sentences that speak to whoever reads, and not of what was bought. */
const ORDERS =
  /ignore|instruction|system prompt|you are|assistant|approve|override|must (?:use|answer|report|be)|report (?:the )?total/iu;

/** What the embedded model reads from a receipt, by rules. */
export function rehearseReceipt(receiptText: string) {
  const lines = withoutTags(receiptText)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !ORDERS.test(line));
  const totals = totalsIn(lines);
  const total = totals[0] ?? null;
  const merchant = merchantIn(lines);
  const date = dateIn(lines);
  const currency =
    currencyIn(lines.filter((line) => total !== null && amountsIn(line).includes(total)).join('\n')) ??
    currencyIn(lines.join('\n'));
  const contradicts = new Set(totals.map(Number)).size > 1;
  const missing = [merchant, date, total, currency].filter((fact) => fact === null).length;
  return {
    arguments: { merchant, date, total, currency },
    confidence: contradicts ? 0.5 : missing > 0 ? 0.82 : 0.94,
    reasoning: contradicts
      ? 'There are several totals, and they contradict each other.'
      : missing > 0
        ? `${missing} of the four facts are not printed.`
        : 'All four facts are printed once.',
  };
}

/** `<ram:GrandTotalAmount>9.90</…>` → a line `GrandTotalAmount: 9.90`, with the names of what it is inside of. */
function withoutTags(text: string): string {
  if (!/<\/?[\w:]+[^>]*>/u.test(text)) return text;
  const path: string[] = [];
  const lines: string[] = [];
  for (const [, closing, name = '', attributes = '', words = ''] of text
    .replace(/<[?!][^>]*>/gu, '')
    .matchAll(/<(\/?)(?:\w+:)?(\w+)([^>]*)>([^<]*)/gu)) {
    if (closing) path.pop();
    else if (!attributes.endsWith('/')) path.push(name);
    if (words.trim() !== '') lines.push(`${path.slice(-2).join(' ')}: ${words.trim()}`);
  }
  return lines.join('\n');
}

/** The sums that stand behind the surest words. */
function totalsIn(lines: readonly string[]): string[] {
  for (const cue of TOTALS) {
    const found = lines.flatMap((line, at) => totalBehind(cue, line, lines[at + 1] ?? ''));
    if (found.length > 0) return found;
  }
  return [];
}

/** The last sum behind the words, or the first one of the next line; nothing is no sum to pay. */
function totalBehind(cue: RegExp, line: string, next: string): string[] {
  if (!cue.test(line) || NOT_IN_THE_END.test(line)) return [];
  const sum = amountsIn(line.slice(line.search(cue))).at(-1) ?? amountsIn(next).at(0);
  return sum === undefined || Number(sum) === 0 ? [] : [sum];
}

function merchantIn(lines: readonly string[]): string | null {
  const named = lines.map((line) => MERCHANT.exec(line)?.[1]?.trim()).find((name) => name);
  const first = lines.slice(0, 6).find((line) => /\p{L}{3}/u.test(line) && !NO_MERCHANT.test(line));
  return (named ?? first)?.split(/\s{3,}/u)[0]?.slice(0, 120) ?? null;
}

function dateIn(lines: readonly string[]): string | null {
  const dated = lines.map((line) => ({ line, iso: readDates(line)[0]?.iso ?? compact(line) })).filter(({ iso }) => iso);
  const cued = dated.find(({ line }) => DATE_CUE.test(line) && !DUE.test(line));
  return (cued ?? dated.find(({ line }) => !DUE.test(line)))?.iso ?? null;
}

/** `20180305`, as structured invoices write it. */
function compact(line: string): string | undefined {
  const [, year, month, day] = /(?<!\d)(20\d{2})([01]\d)([0-3]\d)(?!\d)/u.exec(line) ?? [];
  return year === undefined ? undefined : isoDate(Number(year), Number(month), Number(day));
}
