/** Text that leaves the house: where it points to, so that judge can hold it against the policy's list. */

const LINKS = [
  /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@]*@)?([^\s/?#:<>"']+)/g,
  /[^\s@<>"']+@([a-z0-9.-]+\.[a-z0-9-]{2,})/g,
  /\b((?:[a-z0-9-]+\.)+[a-z]{2,24})(?=[\s/:?#),;.!]|$)/g,
];

/**
 * Hosts in `text` that `allowed` does not name, each once: of links, of mail addresses, and of bare names that a mail
 * client would turn into links. Compatibility forms (full-width letters, ideographic dots) are folded first.
 */
export function foreignHosts(text: string, allowed: readonly string[]): string[] {
  const plain = text.normalize('NFKC').replaceAll('。', '.').toLowerCase();
  const hosts = LINKS.flatMap((pattern) => [...plain.matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...new Set(hosts.map((host) => host.replace(/\.+$/, '')))].filter((host) => !allowed.includes(host));
}

/** Every string inside a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
