import { readCompanies } from './companies.ts';
import { ADDRESS_CUES } from './message-cues.ts';
import { namesOf, readWriters } from './people.ts';
import { composed, distinct, findCues, fold } from './words.ts';

const EMAIL = /[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;

interface Keys {
  readonly names: string[];
  readonly companies: string[];
  readonly emails: string[];
}

/** Reads who writes: names that introduce or sign, where they work, and the addresses that are their own. */
export function rehearseSearch(message: string) {
  const text = composed(message);
  const writers = readWriters(text);
  const keys = {
    names: namesOf(writers).slice(0, 5),
    companies: readCompanies(text, writers),
    emails: ownAddresses(text),
  };
  return {
    arguments: keys,
    ...judgement(
      keys,
      writers.every((writer) => writer.sure),
    ),
  };
}

function judgement({ names, companies, emails }: Keys, sure: boolean) {
  if (names.length > 1) return { confidence: 0.55, reasoning: 'More than one person could be the writer.' };
  const [name] = names;
  if (name === undefined && emails.length === 0)
    return { confidence: 0.2, reasoning: 'Nobody introduces or signs themselves.' };
  if (name === undefined) return { confidence: 0.75, reasoning: 'There is an address, and no name.' };
  if (emails.length > 0) return { confidence: 0.95, reasoning: 'The writer gives a name and an address.' };
  if (!sure || (!name.includes(' ') && companies.length === 0))
    return { confidence: 0.6, reasoning: 'A single name is all that the writer gives.' };
  return { confidence: 0.85, reasoning: 'The writer gives a name, and no address.' };
}

/** Addresses that the text says are the writer's; those that it only wants something sent to are left out. */
function ownAddresses(text: string): string[] {
  const cues = findCues(fold(text), ADDRESS_CUES);
  const found = [...text.matchAll(EMAIL)].filter(({ index, 0: address }) => {
    const sentence = text.slice(0, index).search(/[^.!?\n]*$/u);
    const before = cues.filter((cue) => cue.start >= sentence && cue.end <= index);
    const after = cues.find((cue) => cue.start >= index + address.length && cue.start - index - address.length < 12);
    return (before.at(-1) ?? after)?.kind !== 'other';
  });
  return distinct(found.map(([address]) => address.replace(/[.-]+$/u, ''))).slice(0, 5);
}
