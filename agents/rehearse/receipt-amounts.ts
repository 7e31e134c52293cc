/** Signs and words that stand for one currency only; `$`, `kr` and `¥` stand for several and are none of them. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/€|\beuros?\b/iu, 'EUR'],
  [/£/u, 'GBP'],
  [/zł/iu, 'PLN'],
  [/₴|грн/iu, 'UAH'],
  [/\bKč\b/u, 'CZK'],
  [/US\s?\$/u, 'USD'],
  [/CA\s?\$|\bC\$/u, 'CAD'],
  [/A\s?U\s?\$|\bA\$/u, 'AUD'],
];
const CODE = /(?<![A-Z])(AUD|BHD|CAD|CHF|CNY|CZK|DKK|EUR|GBP|HUF|INR|JPY|KRW|KWD|NOK|PLN|SEK|TND|UAH|USD)(?![A-Za-z])/u;

/** The currency that a text names, if it names one. */
export function currencyIn(text: string): string | null {
  const code = CODE.exec(text)?.[1];
  return code ?? SIGNS.find(([sign]) => sign.test(text))?.[1] ?? null;
}

/** A number as people print it, with its groups and its fraction. */
const NUMBER =
  /(?<![\d.,])\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d{1,3})?(?![\d])|(?<![\d.,])\d+(?:[.,]\d{1,3})?(?![\d])/gu;

/** Every amount of a line of text, written as `1234.56`; dates and percentages are none. */
export function amountsIn(line: string): string[] {
  const without = line.replace(/\d+(?:[.,]\d+)?\s?%/gu, ' ').replace(/\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b/gu, ' ');
  return [...without.matchAll(NUMBER)].map(([number]) => plain(number));
}

/** `1.234,56`, `1,234.56`, `1 234,56`, `12,000` → digits with a point. Three digits after the last mark are a group. */
function plain(number: string): string {
  const marks = [...number.matchAll(/[.,]/gu)];
  const last = marks.at(-1);
  const digitsAfter = last ? number.length - last.index - 1 : 0;
  const hasFraction = last !== undefined && (digitsAfter < 3 || (marks.length > 1 && marks.at(-2)?.[0] !== last[0]));
  const whole = (hasFraction ? number.slice(0, last.index) : number).replace(/\D/gu, '').replace(/^0+(?=\d)/u, '');
  return hasFraction ? `${whole}.${number.slice(last.index + 1)}` : whole;
}
