import { PLANS } from '../contracts/tools/accounts.ts';

const CURRENCY = '(?:€|\\$|£|zł|₴|\\b(?:EUR|USD|GBP|CHF|PLN|UAH|euros?|dollars?|pounds?)\\b)';
const AMOUNT = new RegExp(`${CURRENCY}\\s?\\d|\\d\\s?${CURRENCY}`, 'iu');
const DISCOUNT = /\d\s?%/u;
const NAMED_PLAN = new RegExp(`\\b(${PLANS.join('|')})[ -]plan\\b`, 'giu');

/**
 * Why a text must not go to a customer: it names a sum, a percentage, or a plan that is not theirs. Prices are agreed
 * on elsewhere, so a letter that names one can only be wrong, or somebody's wish from the message.
 */
export function promise(text: string, plan: (typeof PLANS)[number]): string | undefined {
  if (AMOUNT.test(text)) return 'the text names a sum of money';
  if (DISCOUNT.test(text)) return 'the text names a percentage';
  const other = [...text.matchAll(NAMED_PLAN)]
    .map(([, named = '']) => named.toLowerCase())
    .find((named) => named !== plan);
  if (other) return `the text names the ${other} plan, the account has ${plan}`;
}
