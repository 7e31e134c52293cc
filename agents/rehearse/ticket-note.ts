import { languageOf } from './languages.ts';

interface NoteInput {
  readonly destination: string;
  readonly intents: readonly string[];
  readonly message: string;
}

const MARK = /\[(?:mail|iban|card|phone)-\d{1,3}\]/g;
const MOST_MARKS = 5;

/** What the customer wants in a few words, in which language, and which identifiers the message names. */
export function rehearseNote({ destination, intents, message }: NoteInput) {
  const wants = intents.map((intent) => intent.replaceAll('_', ' ').replace('?', '').toLowerCase());
  const about = wants.length > 0 ? `About ${wants.slice(0, 3).join(', ')}` : `For ${destination} by a rule`;
  const { language, margin } = languageOf(message);
  const marks = [...new Set(message.match(MARK) ?? [])].slice(0, MOST_MARKS);
  const names = marks.length > 0 ? `, names ${marks.join(', ')}` : '';
  return {
    arguments: { note: `${about}; written in ${margin > 0 ? language : 'an unknown language'}${names}.` },
    confidence: wants.length > 0 ? 0.9 : 0.75,
    reasoning: 'Put the intents into words and counted the marks.',
  };
}
