import type { PLANS } from '../../contracts/tools/accounts.ts';
import { readHeadCount } from './head-count.ts';
import { languageOf, salutationOf } from './languages.ts';
import { fill, PHRASES } from './letter-phrases.ts';
import { composed } from './words.ts';

export interface LetterInput {
  readonly customerName: string;
  readonly plan: (typeof PLANS)[number];
  readonly message: string;
}

/** Three sections in the customer's language, which speak of their name, their plan and how many people they named. */
export function rehearseKit({ customerName, plan, message }: LetterInput) {
  const text = composed(message);
  const { language, margin } = languageOf(text);
  const phrases = PHRASES[language];
  const { seats, staff } = readHeadCount(text);
  const count = seats ?? staff ?? 1;
  const values = { name: customerName, plan: capital(plan), count };
  const people = count > 1 ? ` ${fill(phrases.people, values)}` : '';
  const sections = [
    { heading: phrases.welcome.heading, body: fill(phrases.welcome.body, values) },
    { heading: phrases.plan.heading, body: fill(phrases.plan[plan], values) + people },
    { heading: phrases.next.heading, body: phrases.next.body },
  ];
  return { arguments: { language, salutation: salutationOf(text, language), sections }, ...sureOf(margin) };
}

export const capital = (plan: string): string => plan.charAt(0).toUpperCase() + plan.slice(1);

/** Everything but the language comes from the case, so the language is all that there is to doubt. */
export const sureOf = (margin: number) =>
  margin > 0.25
    ? { confidence: 0.9, reasoning: 'The language of the message stands out clearly.' }
    : { confidence: 0.6, reasoning: 'The language of the message does not stand out.' };
