import type { World } from '../../outside/world.ts';
import type { Random } from './random.ts';

/** Names made of syllables, in the script of the name that they stand in for. */
const SYLLABLES = [
  { script: /\p{Script=Greek}/u, parts: ['Κα', 'λι', 'ρο', 'να', 'θε', 'μυ', 'δώ', 'στα', 'ρή', 'νο'] },
  { script: /\p{Script=Cyrillic}/u, parts: ['Бо', 'гда', 'ри', 'сла', 'ве', 'ню', 'ко', 'жа', 'ліс', 'тур'] },
  { script: /./u, parts: ['Ta', 'lu', 'mé', 'ro', 'kö', 'na', 'vi', 'śa', 'del', 'bru', 'ñe', 'gal'] },
];
const PARTICLES = ['van', 'der', 'von', 'de', 'la', 'del'];
/** Words of a company's name that say what it is. */
const TELLING = ['School'];

export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Replaces names, companies and addresses of a world, everywhere in the same way. */
export function nameChanger(world: World, random: Random): (text: string) => string {
  const words = wordTable(world, random);
  const companies = companyTable(world, random);
  const addresses = new Map<string, string>();
  return (text) => replaceWords(replaceAddresses(replaceCompanies(text, companies), addresses, random), words);
}

function wordTable({ customers, documents }: World, random: Random): Map<string, string> {
  const names = [...customers, ...documents].flatMap(({ name }) => name.split(' '));
  const words = names.filter((word) => !PARTICLES.includes(plain(word)));
  return new Map([...new Set(words.map(plain))].map((word, index) => [word, invent(word, index, random)]));
}

/** The index makes every name a different one. */
function invent(word: string, index: number, random: Random): string {
  const parts = SYLLABLES.find(({ script }) => script.test(word))?.parts ?? [];
  const digits = [index % parts.length, Math.floor(index / parts.length) % parts.length];
  const syllables = [random.pick(parts), ...digits.map((digit) => parts[digit] ?? ''), random.pick(parts)];
  const name = syllables.join('').toLowerCase();
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function companyTable({ customers }: World, random: Random): Map<string, string> {
  const companies = [...new Set(customers.flatMap(({ company }) => company ?? []))];
  return new Map(companies.map((company, index) => [company, inventCompany(company, index, random)]));
}

const inventCompany = (company: string, index: number, random: Random): string =>
  company
    .split(' ')
    .map((word) => (/^\p{Lu}\p{Ll}{3,}$/u.test(word) && !TELLING.includes(word) ? invent(word, index, random) : word))
    .join(' ');

const EMAIL = /[\w.+-]+@[\w-]+\.example/gu;

const replaceCompanies = (text: string, companies: Map<string, string>): string =>
  [...companies].reduce((changed, [old, made]) => changed.replaceAll(old, made), text);

const replaceAddresses = (text: string, addresses: Map<string, string>, random: Random): string =>
  text.replace(EMAIL, (address) => {
    const made = addresses.get(address) ?? inventAddress(addresses.size, random);
    addresses.set(address, made);
    return made;
  });

const inventAddress = (index: number, random: Random): string =>
  `${plain(invent('a', index, random))}${index}@${plain(invent('a', index, random))}.example`;

const replaceWords = (text: string, words: Map<string, string>): string =>
  text.replace(/\p{Lu}[\p{L}\p{M}'-]*/gu, (word) => {
    const made = words.get(plain(word));
    if (made === undefined) return word;
    return word.length > 1 && word === word.toUpperCase() ? made.toUpperCase() : made;
  });
