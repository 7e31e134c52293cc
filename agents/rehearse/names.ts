import { LEGAL_FORMS } from './message-cues.ts';

const WORD = String.raw`(?:\p{Lu}\.|\p{Lu}[\p{L}\p{M}'-]*)`;
const PARTICLE = '(?:van|von|der|den|de|del|da|do|dos|la|le|di|bin|al|el|y|zu|ten|af)';
const NAME = String.raw`${WORD}(?:[ \t]+(?:${PARTICLE}[ \t]+)*${WORD}){0,5}`;

/** `Jürgen Weißhaupt von der Kranichwerk GmbH` is a person, two particles and a company. */
const EMPLOYER_BEHIND = new RegExp(String.raw`(?:[ \t]+${PARTICLE})+[ \t]+[^\n]*[ \t](?:${LEGAL_FORMS})$`, 'u');

const AT_NAME = new RegExp(
  String.raw`[\s:"«]*(?:(?:Mr|Mrs|Ms|Dr|Herrn?|Frau|M|Mme|Sra?|Pan|Pana|Pani|Panią|κ|τον|την|пан|пані)\.?[ \t]+)?(${NAME})`,
  'uy',
);

/** The capitalised words that begin at a place of the text, particles such as `van der` included, titles left out. */
export function nameAt(text: string, start: number): { readonly name: string; readonly end: number } | undefined {
  AT_NAME.lastIndex = start;
  const match = AT_NAME.exec(text);
  const found = match?.[1];
  if (!match || !found) return;
  const name = found.replace(EMPLOYER_BEHIND, '');
  return { name, end: start + match[0].length - (found.length - name.length) };
}
