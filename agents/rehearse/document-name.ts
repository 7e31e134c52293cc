import { NAME_LABELS, NAME_PHRASES, UNREADABLE } from './document-cues.ts';
import { nameAt } from './names.ts';
import { fold } from './words.ts';

type Part = keyof typeof NAME_LABELS;

/** The holder's name: from labelled lines, else from a sentence. Nothing where it is missing or illegible. */
export function readHolder(text: string): string | undefined {
  const parts = labelled(text);
  const { surname, given, full } = parts;
  const fromLabels = full ?? ([given, surname].filter(Boolean).join(' ') || undefined);
  const name = fromLabels ?? fromSentence(text);
  return name && !UNREADABLE.test(name) && /\p{L}{2}/u.test(name) ? name : undefined;
}

/** Values of `Label: value` lines, and of labels with their value on the next line. */
function labelled(text: string): Partial<Record<Part, string>> {
  const found: Partial<Record<Part, string>> = {};
  const lines = text.split(/[\n;|]/u).map((line) => line.trim());
  for (const [index, line] of lines.entries()) {
    const [label = '', ...rest] = line.split(/\s*[:：=]\s*|\s{3,}|\t+/u);
    const part = partOf(label);
    const value = rest.join(' ').trim() || (lines[index + 1] ?? '');
    if (part && value && found[part] === undefined) found[part] = withoutNotes(value);
  }
  return found;
}

/** Labels often stand in two languages: `Nazwisko / Surname`. */
function partOf(label: string): Part | undefined {
  const names = label.split('/').map((name) => fold(name.trim().replace(/\.$/u, '')));
  const parts: readonly Part[] = ['surname', 'given', 'full'];
  return parts.find((part) => NAME_LABELS[part].some((known) => names.includes(fold(known))));
}

const withoutNotes = (value: string): string =>
  value
    .replace(/\s*[(,;].*$/u, '')
    .replace(/\s+/gu, ' ')
    .replace(/\.$/u, '')
    .trim();

function fromSentence(text: string): string | undefined {
  const folded = fold(text);
  const starts = NAME_PHRASES.map(fold).flatMap((phrase) => {
    const at = folded.indexOf(phrase);
    return at === -1 ? [] : [at + phrase.length];
  });
  return starts.map((start) => nameAt(text, start)?.name).find((name) => name !== undefined);
}
