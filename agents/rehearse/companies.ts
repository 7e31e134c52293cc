import { EMPLOYERS, LEGAL_FORMS } from './message-cues.ts';
import type { Person } from './people.ts';
import { distinct, findCues, fold } from './words.ts';

const WORD = String.raw`[\p{Lu}\d][\p{L}\p{M}\d'&-]*`;
const JOINT = '(?:&|und|and|et|y|i|e|de|del|des|la|of|the|für|für die|pod|та|και|του|της)';
const NAME = `${WORD}(?:[ ](?:${JOINT}[ ]){0,2}${WORD}){0,5}`;

const WITH_FORM = new RegExp(String.raw`(?<![\p{L}\d])(${NAME},?[ ](?:${LEGAL_FORMS}))(?![\p{L}\d])`, 'gu');
const FORM_FIRST = /(?:ТОВ|ПП|ФОП)\s*[«"]([^»"\n]{2,80})[»"]/gu;
const QUOTED_OR_NAME = new RegExp(
  String.raw`\s*(?:(?:the|der|die|la|le|el|the company|company)[ ])?(?:[«"„“]([^»"“”\n]{2,80})[»"“”]|(${NAME}))`,
  'uy',
);
const LINE = new RegExp(String.raw`^(?:\s*,[^\n]{0,40})?\n[ \t]*(${NAME})[ \t.]*(?:\n|$)`, 'u');

/** Where the writer works: names with a legal form anywhere, else what follows `from`, `bei`, `chez`, or the signature. */
export function readCompanies(text: string, writers: readonly Person[]): string[] {
  const formal = [...matches(text, WITH_FORM), ...matches(text, FORM_FIRST)];
  if (formal.length > 0) return distinct(formal).slice(0, 5);
  return distinct(writers.flatMap((writer) => employer(text, writer) ?? [])).slice(0, 5);
}

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => withoutLead(name.replace(/,(?= )/u, '')));

/** A sentence's first word is a capital too: `At Blue Heron Ltd` is Blue Heron Ltd. */
const withoutLead = (name: string): string =>
  name.replace(/^(?:At|From|For|With|We|Our|The|Bei|Wir|Chez|Nous|La|En|Od|Firma|Die|Der|Für)[ ]+/u, '');

function employer(text: string, writer: Person): string | undefined {
  const after = text.slice(writer.end);
  const below = LINE.exec(after)?.[1];
  if (below) return below;
  const sentence = after.split(/\n\n|[.!?;](?:\s|$)/u)[0] ?? '';
  const cues = findCues(fold(sentence), { employer: EMPLOYERS });
  return cues.map((cue) => nameAfter(sentence, cue.end)).find((name) => name !== undefined);
}

function nameAfter(sentence: string, start: number): string | undefined {
  if (!/[\s:]/u.test(sentence[start] ?? '')) return;
  QUOTED_OR_NAME.lastIndex = start;
  const match = QUOTED_OR_NAME.exec(sentence);
  return match?.[1] ?? match?.[2];
}
