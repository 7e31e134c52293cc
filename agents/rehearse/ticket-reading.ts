import { SPAM } from '../../contracts/tickets.ts';
import { languageOf } from './languages.ts';
import { CUES, GROUPS, PATIENT, PRESSING, SPAM_CUES } from './ticket-cues.ts';
import { composed, fold, hasCue } from './words.ts';

interface ReadingInput {
  readonly queues: readonly { readonly queue: string; readonly intents: readonly string[] }[];
  readonly message: string;
}

interface Scored {
  readonly intent: string;
  readonly queue: string;
  readonly score: number;
}

/** Words that stand in messages about anything weigh half. */
const COMMON = ['@card', '@how', '@not', '@where', 'account', 'money', 'get'];
const MOST_INTENTS = 3;
/** A sentence with a score like this says clearly what it is about. */
const CLEAR = 2.5;

/** What a message is about, read by its words: the cues that are there, and how far the best stands out from the rest. */
export function rehearseReading({ queues, message }: ReadingInput) {
  const text = composed(message);
  const { language, margin } = languageOf(text);
  const code =
    margin > 0 ? { code: language as string, confidence: round(0.5 + margin / 2) } : { code: 'und', confidence: 0.3 };
  if (hasCue(fold(text), SPAM_CUES))
    return answer([{ intent: SPAM, confidence: 0.92 }], { name: 'none', confidence: 0.9 }, code);
  const [first, ...others] = scoresOf(text, queues);
  if (!first) return answer([], { name: 'none', confidence: 0.6 }, code);
  const rival = others.find(({ queue }) => queue !== first.queue);
  const alike = others.filter(({ score }) => score >= first.score - 0.5).slice(0, MOST_INTENTS - 1);
  const other = otherMatter(text, queues, first);
  const inQueue = confidenceOf(first.score - Math.max(0, 1 - (first.score - (rival?.score ?? 0))) * 0.8);
  const intents = [
    { intent: first.intent, confidence: round(Math.max(0.3, inQueue - 0.1 * alike.length)) },
    ...alike
      .filter(({ intent }) => intent !== other?.intent)
      .map(({ intent, score }) => ({ intent, confidence: round(0.15 * Math.min(3, score)) })),
    ...(other ? [{ intent: other.intent, confidence: 0.8 }] : []),
  ];
  return answer(intents, { name: first.queue, confidence: other ? 0.8 : inQueue }, code);
}

type Level = 'low' | 'normal' | 'high';

function answer(
  intents: readonly { intent: string; confidence: number }[],
  queue: { name: string; confidence: number },
  language: { code: string; confidence: number },
) {
  const first = intents[0]?.intent ?? '';
  const level: Level = PRESSING.includes(first) ? 'high' : PATIENT.includes(first) ? 'low' : 'normal';
  return {
    arguments: {
      queue,
      priority: { level, confidence: intents.length > 0 ? 0.8 : 0.5 },
      language,
      intents: [...intents],
    },
    confidence: queue.confidence,
    reasoning: first
      ? `The words of the message are those of ${first}.`
      : 'The words are those of nothing in the list.',
  };
}

/** The intents whose cues stand in a text, best first. */
function scoresOf(text: string, queues: ReadingInput['queues']): Scored[] {
  const words = wordsOf(text);
  const scored = queues.flatMap(({ queue, intents }) =>
    intents.map((intent) => ({ intent, queue, score: scoreOf(words, CUES[intent] ?? [namedBy(intent)]) })),
  );
  return scored.filter(({ score }) => score >= 1).toSorted((one, other) => other.score - one.score);
}

/** A sentence of its own about something that another queue does. */
function otherMatter(text: string, queues: ReadingInput['queues'], first: Scored): Scored | undefined {
  const sentences = text.split(/[.!?\n]+/).filter((sentence) => sentence.trim().split(/\s+/).length > 3);
  if (sentences.length < 2) return undefined;
  const clear = sentences
    .map((sentence) => scoresOf(sentence, queues)[0])
    .filter((best) => best && best.score >= CLEAR);
  if (!clear.some((best) => best?.queue === first.queue)) return undefined;
  return clear.find((best) => best?.queue !== first.queue);
}

/** An intent without cues is told by the words of its name. */
const namedBy = (intent: string): string =>
  intent
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** "haven't" is two words here: the second is a no. */
const wordsOf = (text: string): string[] =>
  (fold(text).match(/[\p{L}\p{N}£$€]+(?:'\p{L}+)?/gu) ?? []).flatMap((word) =>
    /n'?t$/.test(word) && word.length > 3 ? [word, 'not'] : [word],
  );

/** The best cue counts whole, and each other one a little. */
function scoreOf(words: readonly string[], cues: readonly string[]): number {
  const found = cues
    .map((cue) => cueScore(words, cue))
    .filter((score) => score > 0)
    .toSorted((one, other) => other - one);
  const [best = 0, ...more] = found;
  return best + 0.2 * Math.min(3, more.length);
}

function cueScore(words: readonly string[], cue: string): number {
  const parts = cue.split(' ');
  const all = parts.every((part) =>
    beginningsOf(part).some((beginning) => words.some((word) => fits(word, beginning))),
  );
  return all ? parts.reduce((sum, part) => sum + (COMMON.includes(part) ? 0.5 : 1), 0) : 0;
}

/** Short beginnings are whole words: "no" is not the beginning of "now". */
const fits = (word: string, beginning: string): boolean =>
  beginning.length <= 3 ? word === beginning || word === `${beginning}s` : word.startsWith(beginning);

const beginningsOf = (part: string): readonly string[] =>
  part
    .split('|')
    .flatMap((each) => (each.startsWith('@') ? (GROUPS[each.slice(1)] ?? []) : [each]))
    .map(fold);

function confidenceOf(score: number): number {
  if (score >= 3) return 0.93;
  if (score >= 2) return 0.84;
  if (score >= 1.5) return 0.75;
  return score >= 1 ? 0.62 : 0.4;
}

const round = (figure: number): number => Math.round(figure * 100) / 100;
