import { composed, fold, hasCue } from './words.ts';

const EXPRESS = ['express', 'overnight', 'next day', 'next-day', 'as fast as', 'urgent', 'eilt', 'expres'];
const NOT_EXPRESS = ['no express', 'not express', 'no rush', 'no hurry', 'not urgent', 'kein express'];
const CODE =
  /\b(?:[Cc]oupon|[Vv]oucher|[Dd]iscount code|[Pp]romo code|[Gg]utschein(?:code)?|[Cc]ode promo)\b[^A-Z0-9\n]{0,12}([A-Z][A-Z0-9-]{3,29})\b/gu;

/** Reads how fast the customer wants it, and the coupon code that they give. */
export function rehearseTerms(message: string) {
  const text = composed(message);
  const folded = fold(text);
  const express = hasCue(folded, EXPRESS) && !hasCue(folded, NOT_EXPRESS);
  const codes = [...new Set([...text.matchAll(CODE)].map(([, code = '']) => code))];
  const several = codes.length > 1;
  return {
    arguments: { delivery: express ? ('express' as const) : ('standard' as const), coupon: codes[0] ?? null },
    confidence: several ? 0.5 : 0.92,
    reasoning: several
      ? 'Two coupon codes are given, and one can be used.'
      : `${express ? 'A fast' : 'No fast'} delivery is asked for, and ${codes.length} coupons are given.`,
  };
}
