import { createHash } from 'node:crypto';

/**
 * Puts a value between marks, so that a model can tell what is data. The mark's tag is made from the text's digest and
 * the text does not contain it: nobody can write a text that closes its own fence. Texts go in as they are, with Liquid
 * or without, and everything else as JSON.
 */
export function fence(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const tag = tagFor(text);
  const gap = text.includes('\n') ? '\n' : '';
  return `<data-${tag}>${gap}${text}${gap}</data-${tag}>`;
}

function tagFor(text: string): string {
  for (let round = 0; ; round += 1) {
    const tag = createHash('sha256').update(`${round}:${text}`).digest('hex').slice(0, 12);
    if (!text.includes(tag)) return tag;
  }
}
