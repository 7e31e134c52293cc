/** What a person would read of an HTML page: no scripts, styles, comments or tags, blocks on lines of their own. */
export function textOfHtml(html: string): string {
  const without = html
    .replace(/<!--[\s\S]*?(?:-->|$)/g, ' ')
    .replace(/<(script|style|head|template|title)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replace(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^>]*>/gi, '\n')
    .replace(/<[^<>]{0,2000}>/g, ' ');
  return without.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});/gi, entity);
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function entity(whole: string, name: string): string {
  if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 31 && code <= 0x10_ffff ? String.fromCodePoint(code) : ' ';
}

/** Characters that show nothing and that people hide words with; half a character becomes the mark for a lost one. */
export const tidied = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\p{Cf}|(?![\n\t])\p{Cc}/gu, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Why nobody can read a text, or nothing where it can be read. */
export function unreadable(text: string): 'empty' | 'no-words' | 'garbled' | undefined {
  if (!text) return 'empty';
  const lost = text.match(/\ufffd/g)?.length ?? 0;
  if (lost * 10 > text.length) return 'garbled';
  return (text.match(/\p{L}/gu)?.length ?? 0) < 2 ? 'no-words' : undefined;
}
