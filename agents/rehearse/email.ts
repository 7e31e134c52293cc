import { capital, type LetterInput, sureOf } from './kit.ts';
import { languageOf, salutationOf } from './languages.ts';
import { fill, PHRASES } from './letter-phrases.ts';
import { composed } from './words.ts';

/** A short letter in the customer's language: greeting, account and plan, the attachment, the meeting. */
export function rehearseEmail({ customerName, plan, message }: LetterInput) {
  const text = composed(message);
  const { language, margin } = languageOf(text);
  const phrases = PHRASES[language];
  const values = { name: customerName, plan: capital(plan) };
  const hello = fill(phrases.hello[salutationOf(text, language)], values);
  const body = `${hello}\n\n${fill(phrases.open, values)} ${phrases.attached} ${phrases.invitation}\n\n${phrases.goodbye}`;
  return { arguments: { subject: fill(phrases.subject, values).slice(0, 150), body }, ...sureOf(margin) };
}
