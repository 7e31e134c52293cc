import { phrases } from './phrase-list.ts';
import { fold } from './words.ts';

export type Language = 'en' | 'de' | 'fr' | 'es' | 'pl' | 'el' | 'uk';

/** Small words that few texts of a language do without and the others do not have. */
const COMMON: Readonly<Record<Exclude<Language, 'el' | 'uk'>, readonly string[]>> = {
  en: phrases(`
    the, and, we, for, is, would, you, my, with, please, are, have, to, of, it, our`),
  de: phrases(`
    und, wir, ich, die, der, das, ist, mein, für, mit, uns, sind, ein, eine, bitte, nicht, gern`),
  fr: phrases(`
    nous, je, et, est, pour, les, des, une, vous, avec, mon, sommes, dans, le, merci, bonjour`),
  es: phrases(`
    y, para, el, los, una, somos, mi, con, que, por, gracias, nos, hola, buenos, necesitamos, soy`),
  pl: phrases(`
    i, się, dla, jest, jestem, na, nie, nas, proszę, z, potrzebujemy, mój, dzień, nazywam, w, do`),
};

/** The language of a message with a figure from 0 to 1 for how much it stands out from the next. */
export function languageOf(text: string): { readonly language: Language; readonly margin: number } {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const share = (script: RegExp) => (text.match(script)?.length ?? 0) / Math.max(1, letters);
  if (share(/\p{Script=Greek}/gu) > 0.5) return { language: 'el', margin: 1 };
  if (share(/\p{Script=Cyrillic}/gu) > 0.5) return { language: 'uk', margin: 1 };
  const words = fold(text).match(/\p{L}+/gu) ?? [];
  const counts = Object.entries(COMMON).map(([language, common]) => {
    const folded = new Set(common.map(fold));
    return { language: language as Language, count: words.filter((word) => folded.has(word)).length };
  });
  const [first, second] = counts.toSorted((one, other) => other.count - one.count);
  if (!first || first.count === 0) return { language: 'en', margin: 0 };
  return { language: first.language, margin: (first.count - (second?.count ?? 0)) / first.count };
}

const FRIENDLY: Readonly<Record<Language, RegExp>> = {
  en: /\b(?:hi|hey|cheers)\b/u,
  de: /\b(?:hallo|hi|moin|liebe gruße|viele gruße|du|dir|dich|euch)\b/u,
  fr: /\b(?:salut|coucou|bises|tu|toi)\b/u,
  es: /\b(?:hola|un abrazo|tu|te|vosotros)\b/u,
  pl: /(?:czesc|hej|pozdrawiam cieplo|witajcie)/u,
  el: new RegExp(`(?:${fold('γεια σας')}|${fold('γεια σου')}|${fold('φιλικά')})`, 'u'),
  uk: new RegExp(`(?:${fold('привіт')}|${fold('вітаю')})`, 'u'),
};

/** How to address somebody who writes like this. */
export const salutationOf = (text: string, language: Language): 'formal' | 'friendly' =>
  FRIENDLY[language].test(fold(text)) ? 'friendly' : 'formal';
