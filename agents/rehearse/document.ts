import { type ReadDate, readDates } from './dates.ts';
import { DATE_CUES, KIND_CUES, LICENCE_FIELDS, NUMBER_CUES, UNREADABLE } from './document-cues.ts';
import { readHolder } from './document-name.ts';
import { composed, findCues, fold, valueBeside } from './words.ts';

/** A number as documents have them: capitals and digits, perhaps in groups. */
const NUMBER =
  /(?<![\p{L}\d])(?!N[RO] )\p{Lu}{0,3}[ -]?\d[\p{Lu}\d]*(?:[-/][\p{Lu}\d]+| \p{Lu}{0,2}\d[\p{Lu}\d]*)*(?![\p{L}\d])/gu;

/** Reads kind, number, holder and birth date; what it cannot read it leaves out, and says so by its confidence. */
export function rehearseDocument(raw: string) {
  const text = withWordsForNumbers(composed(raw));
  const folded = fold(text);
  const dates = readDates(text);
  const birth = birthDate(folded, dates);
  const facts = {
    document: documentKind(folded),
    number: documentNumber(text, folded, dates),
    name: readHolder(text),
    birthDate: birth?.iso,
  };
  const missing = Object.entries(facts).filter(([, value]) => value === undefined);
  const read = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return {
    arguments: read as Partial<Present<typeof facts>>,
    ...judgement(
      missing.map(([name]) => name),
      birth,
      text,
    ),
  };
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function judgement(missing: readonly string[], birth: ReadDate | undefined, text: string) {
  if (missing.length > 0) return { confidence: 0.3, reasoning: `Could not read: ${missing.join(', ')}.` };
  if (birth?.order === 'open')
    return { confidence: 0.55, reasoning: 'Day and month of the birth date could be swapped.' };
  if (UNREADABLE.test(text)) return { confidence: 0.6, reasoning: 'Parts of the document are illegible.' };
  return { confidence: 0.95, reasoning: 'All four facts stand beside a label or phrase that names them.' };
}

function withWordsForNumbers(text: string): string {
  if (!/(?<!\S)4b\.\s/u.test(text)) return text;
  return text.replace(/(?<!\S)(\d[abcd]?)\.[ \t]+/gu, (code, field: string) => {
    const label = LICENCE_FIELDS[field];
    return label ? `\n${label}: ` : code;
  });
}

/** The first kind that the text names, unless it is the kind of an older document that this one replaces. */
function documentKind(folded: string): keyof typeof KIND_CUES | undefined {
  const others = findCues(folded, NUMBER_CUES).filter((cue) => cue.kind === 'other');
  const ofAnother = (start: number) => others.some((cue) => start >= cue.start && start - cue.end <= 20);
  return findCues(folded, KIND_CUES).find((cue) => !ofAnother(cue.start))?.kind;
}

/** The number beside a label that says so; one with fewer than four digits is no document's, one cut off is no number. */
function documentNumber(text: string, folded: string, dates: readonly ReadDate[]): string | undefined {
  const candidates = [...text.matchAll(NUMBER)]
    .map(({ 0: value, index }) => ({ value, start: index, end: index + value.length }))
    .filter(({ start, end }) => !dates.some((date) => start < date.end && end > date.start))
    .filter(({ value, start, end }) => (value.match(/\d/gu)?.length ?? 0) >= 4 && !isCutOff(text, start, end));
  const cues = [...findCues(folded, NUMBER_CUES), ...findCues(folded, DATE_CUES)];
  return valueBeside(cues, 'own', candidates)?.value.replace(/ /gu, '');
}

const isCutOff = (text: string, start: number, end: number): boolean =>
  UNREADABLE.test(text.slice(Math.max(0, start - 2), start)) || UNREADABLE.test(text.slice(end, end + 2));

const birthDate = (folded: string, dates: readonly ReadDate[]): ReadDate | undefined =>
  valueBeside(findCues(folded, DATE_CUES), 'birth', dates);
