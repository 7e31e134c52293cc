import { z } from 'zod';

/** Digits after the point of each currency that the house takes, as ISO 4217 has them. */
const EXPONENTS = {
  AUD: 2,
  BHD: 3,
  CAD: 2,
  CHF: 2,
  CNY: 2,
  CZK: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HUF: 2,
  INR: 2,
  JPY: 0,
  KRW: 0,
  KWD: 3,
  NOK: 2,
  PLN: 2,
  SEK: 2,
  TND: 3,
  UAH: 2,
  USD: 2,
} as const;

export type CurrencyCode = keyof typeof EXPONENTS;
export const CURRENCIES = Object.keys(EXPONENTS) as [CurrencyCode, ...CurrencyCode[]];
export const Currency = z.enum(CURRENCIES);

/** A sum of money above nothing, in the smallest unit of its currency: 1250 is 12.50 EUR, and 1250 JPY is 1250. */
export const MinorUnits = z.int().min(1).max(10_000_000_000);

export const exponentOf = (currency: CurrencyCode): number => EXPONENTS[currency];

export const isCurrency = (code: string): code is CurrencyCode => Object.hasOwn(EXPONENTS, code);

/** `(49999, 'USD')` → `499.99 USD`. */
export function showAmount(minor: number, currency: CurrencyCode): string {
  const exponent = EXPONENTS[currency];
  const digits = String(minor).padStart(exponent + 1, '0');
  const whole = digits.slice(0, digits.length - exponent);
  return `${exponent === 0 ? whole : `${whole}.${digits.slice(-exponent)}`} ${currency}`;
}

/** The same of any currency, and below nothing; of one whose fractions we do not know its smallest units are told. */
export function showMinor(minor: number, currency: string): string {
  const size = Math.abs(minor);
  const shown = isCurrency(currency) ? showAmount(size, currency) : `${size} smallest units of ${currency}`;
  return minor < 0 ? `minus ${shown}` : shown;
}

/** `('12.5', 'EUR')` → 1250; nothing where the currency has no such fraction, or the text is no amount. */
export function minorOf(decimal: string, currency: CurrencyCode): number | undefined {
  const [, whole = '', fraction = ''] = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(decimal) ?? [];
  const exponent = EXPONENTS[currency];
  const kept = fraction.slice(0, exponent).padEnd(exponent, '0');
  if (whole === '' || /[1-9]/.test(fraction.slice(exponent))) return undefined;
  return Number(whole + kept);
}
