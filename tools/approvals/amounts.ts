/** `12.50` and EUR are 1250; nothing where it is no amount of that currency, or one that nobody can count. */
export function toMinor(amount: string | number, currency: string): number | undefined {
  const found = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(String(amount));
  const digits = digitsOf(currency);
  if (!found || digits === undefined) return undefined;
  const [, sign, whole = '', fraction = ''] = found;
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > digits) return undefined;
  const minor = Number(whole + kept.padEnd(digits, '0'));
  return sign && minor !== 0 ? -minor : minor;
}

/** ISO 4217's number of decimals. */
function digitsOf(currency: string): number | undefined {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits;
  } catch {
    return undefined;
  }
}
