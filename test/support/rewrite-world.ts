import type { OnboardingRequest } from '../../contracts/onboarding.ts';
import { World } from '../../outside/world.ts';
import { type Random, randomFrom } from './random.ts';
import { dateChanger } from './rewrite-dates.ts';
import { nameChanger } from './rewrite-names.ts';

export interface Rewritten {
  readonly inputs: Readonly<Record<string, OnboardingRequest>>;
  readonly world: World;
  /** Changes any value of the same examples alike, such as the answers in what is expected of them. */
  readonly reword: <T>(value: T) => T;
}

/**
 * The same examples about other people: every name, company, address, document number, date and amount is another one,
 * consistently in examples and world, and sentences and lines stand in another order. What must come out stays.
 */
export function rewrite(seed: number, inputs: Readonly<Record<string, OnboardingRequest>>, world: World): Rewritten {
  const random = randomFrom(seed);
  const changers = [nameChanger(world, random), dateChanger(world, random), numberChanger(world, random)];
  const change = (text: string) => changers.reduce((changed, changer) => changer(changed), text);
  const reword = <T>(value: T): T => deep(value, change) as T;
  const rewritten = Object.entries(inputs).map(([name, input]) => {
    const message = shuffleMessage(changeAmounts(change(input.message), random), random);
    const document = shuffleDocument(change(input.document), random);
    return [name, { ...input, message, document }] as const;
  });
  return { inputs: Object.fromEntries(rewritten), world: World.parse(reword(world)), reword };
}

function deep(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((part) => deep(part, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, deep(part, change)]));
}

/** Another number of the same shape for each document; texts may have spaces in it, or marks where it is illegible. */
function numberChanger({ documents }: World, random: Random): (text: string) => string {
  const table = documents.map(({ number }) => {
    const made = [...number].map((character) => otherOf(character, random));
    const groups = [...number].map((character) => `(${character}|█)`).join('( ?)');
    return { pattern: new RegExp(`(?<![\\p{L}\\d])${groups}(?![\\p{L}\\d])`, 'gu'), made };
  });
  return (text) =>
    table.reduce(
      (changed, { pattern, made }) => changed.replace(pattern, (...match) => fillIn(match.slice(1), made)),
      text,
    );
}

const otherOf = (character: string, random: Random): string =>
  /\d/u.test(character) ? String(1 + random.integer(9)) : random.pick(['C', 'H', 'K', 'T', 'X', 'Z']);

const fillIn = (parts: readonly unknown[], made: readonly string[]): string =>
  made
    .map((character, index) => (parts[2 * index] === '█' ? '█' : character) + (parts[2 * index + 1] === ' ' ? ' ' : ''))
    .join('');

/** Another amount in the same range, since the range decides on the plan. */
const changeAmounts = (text: string, random: Random): string =>
  text.replace(/(?<![\d.:@])\b\d{1,4}\b(?![\d.:%]|\.\d)/gu, (amount) => {
    const [least, most] = RANGES.find(([low, high]) => Number(amount) >= low && Number(amount) <= high) ?? [0, 0];
    return least === 0 ? amount : String(least + random.integer(most - least + 1));
  });

const RANGES = [
  [1, 1],
  [2, 5],
  [6, 99],
  [100, 9999],
] as const;

/** Paragraphs of several sentences get them in another order; greeting and signature stay where they are. */
const shuffleMessage = (message: string, random: Random): string =>
  message
    .split('\n\n')
    .map((paragraph) => (paragraph.includes('\n') ? paragraph : shuffleSentences(paragraph, random)))
    .join('\n\n');

const shuffleSentences = (text: string, random: Random): string =>
  random.shuffle(text.split(/(?<=[\p{L}\d][.!?]+)\s+(?=\p{Lu}|\d)/u)).join(' ');

/** Labelled lines get another order below the title, and a document in sentences gets those in another order. */
function shuffleDocument(document: string, random: Random): string {
  const [title = '', ...lines] = document.split('\n');
  if (lines.length === 0) return shuffleSentences(document, random);
  const labelled = lines.every((line) => /:|^\d[a-d]?\./u.test(line));
  return labelled ? [title, ...random.shuffle(lines)].join('\n') : document;
}
