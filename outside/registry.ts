import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { outsideFiles } from './files.ts';
import { appendLine, shortHash } from './log.ts';
import { answer, type Part, type PartSettings, serve } from './part.ts';
import { faultsOf } from './registry-faults.ts';
import type { DocumentRecord, World } from './world.ts';

const Question = z.object({
  customerId: z.string().min(1),
  document: z.string(),
  number: z.string(),
  name: z.string(),
  birthDate: z.iso.date(),
});
type Question = z.output<typeof Question>;

/** The registry of identity documents. It misbehaves about the documents whose records say so. */
export async function startRegistry(settings: PartSettings & { readonly world: World }): Promise<Part> {
  const records = new Map(settings.world.documents.map((record) => [plain(record.number), record]));
  const { registry: log } = outsideFiles(settings.stateDir);
  const misbehave = faultsOf();

  return serve(settings, async (request, response) => {
    if (request.method !== 'POST' || request.url !== '/checks') return answer(response, 404, { status: 'not found' });
    const question = Question.safeParse(JSON.parse(await text(request)));
    if (!question.success) return answer(response, 400, { status: 'not a question that we know' });
    const { customerId, number } = question.data;
    const record = records.get(plain(number));
    const check = checkOf(question.data, record, Date.now());
    const fault = record?.fault ? await misbehave(record, check, response) : undefined;
    appendLine(log, {
      customerId,
      document: shortHash(plain(number)),
      checkId: check.checkId,
      said: fault ?? check.match,
      origin: check.origin,
    });
    if (!fault) answer(response, 200, check);
  });
}

/** What the registry says about a document at an instant, milliseconds. */
export function checkOf(question: Question, record: DocumentRecord | undefined, now: number) {
  const { customerId, birthDate } = question;
  if (!record || !sameBearer(question, record)) {
    const said = {
      subjectId: customerId,
      match: 'mismatch' as const,
      validUntil: dateOf(now),
      ageYears: ageOn(birthDate, now),
    };
    return { checkId: checkIdOf(question, 'mismatch'), checkedAt: timeOf(now), origin: 'live' as const, ...said };
  }
  const { validUntil, cached } = record;
  const checkedAt = cached ? now - cached.checkedMinutesAgo * 60_000 : now;
  return {
    checkId: checkIdOf(question, 'match'),
    subjectId: cached?.subjectId ?? record.subjectId,
    checkedAt: timeOf(checkedAt),
    origin: cached ? ('cache' as const) : ('live' as const),
    match: record.watchList ? ('possible-watch-list' as const) : ('match' as const),
    validUntil,
    ageYears: ageOn(record.birthDate, checkedAt),
  };
}
export type Check = ReturnType<typeof checkOf>;

/** The registry files a document and its bearer once: a second check of the same has the same number. */
const checkIdOf = ({ number, customerId }: Question, said: string): string =>
  `chk-${shortHash(JSON.stringify([plain(number), customerId, said]))}`;

const sameBearer = (question: Question, record: DocumentRecord): boolean =>
  question.birthDate === record.birthDate &&
  question.document === record.document &&
  bearer(question.name) === bearer(record.name);

/** A name without case, accents, punctuation and order of its words. */
const bearer = (name: string): string => plainWords(name).sort().join(' ');

const SPELLED_OUT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
};

const plainWords = (name: string): string[] =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[ßæœøđðłıþ]/g, (letter) => SPELLED_OUT[letter] ?? letter)
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

const plain = (number: string): string => number.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '');
const timeOf = (ms: number): string => new Date(ms).toISOString();
const dateOf = (ms: number): string => timeOf(ms).slice(0, 10);

/** Whole years between a birth date and an instant, UTC; who was born on 29 February has grown older by 1 March. */
export function ageOn(birthDate: string, now: number): number {
  const [year, month, day] = birthDate.split('-').map(Number) as [number, number, number];
  const today = new Date(now);
  const years = today.getUTCFullYear() - year;
  const hadBirthday =
    today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day);
  return Math.max(0, hadBirthday ? years : years - 1);
}
