import { CLOSINGS, INTRODUCTIONS } from './message-cues.ts';
import { nameAt } from './names.ts';
import { distinct, findCues, fold, hasCue } from './words.ts';

/** Somebody who introduces or signs themselves; `end` is where their name ends, for what comes after it. */
export interface Person {
  readonly name: string;
  readonly end: number;
  readonly sure: boolean;
}

/** Who writes, as introduced in the text or signed below it. People who are only mentioned are left out. */
export function readWriters(text: string): Person[] {
  const people = [...introduced(text), ...signed(text)];
  const sure = people.filter((person) => person.sure);
  const candidates = sure.length > 0 ? sure : people;
  return candidates.filter((person) => !candidates.some((other) => hasMore(other, person)));
}

/** The names themselves, each once. */
export const namesOf = (people: readonly Person[]): string[] => distinct(people.map((person) => person.name));

function introduced(text: string): Person[] {
  return findCues(fold(text), INTRODUCTIONS).flatMap((cue) => {
    const found = /^[\s:"«'-]/u.test(text.slice(cue.end)) ? nameAt(text, cue.end) : undefined;
    return found ? [{ ...found, sure: cue.kind === 'strong' || found.name.includes(' ') }] : [];
  });
}

/** A signature is a name alone on its line, or before a comma, below a closing phrase. */
function signed(text: string): Person[] {
  return findCues(fold(text), { closing: CLOSINGS }).flatMap((cue) => {
    const gap = /^[^\n\p{L}]{0,3}\n\s*|^[,!.]\s*/u.exec(text.slice(cue.end))?.[0];
    const found = gap === undefined ? undefined : nameAt(text, cue.end + gap.length);
    const alone = found !== undefined && /^[ \t]*(?:[,(|–-]|\.?\s*$|\.?\n)/u.test(text.slice(found.end));
    return found && alone && !hasCue(fold(found.name), CLOSINGS) ? [{ ...found, sure: true }] : [];
  });
}

/** `Anna` below a letter that `Anna Nowak` wrote is the same person. */
function hasMore(other: Person, person: Person): boolean {
  const words = fold(person.name).split(/\s+/u);
  const others = fold(other.name).split(/\s+/u);
  return others.length > words.length && words.every((word) => others.includes(word));
}
