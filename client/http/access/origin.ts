const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const SAFE = new Set(['GET', 'HEAD']);

/** How this API is called. */
export interface Address {
  /** As a browser writes them; the first is the one that people are given. */
  readonly origins: readonly string[];
  /** Nobody but this machine reaches it. */
  readonly isLoopback: boolean;
}

export const isLoopback = (host: string): boolean => ['::1', ...LOOPBACK].includes(host);

/**
 * @param publicUrl what people type, or what a link in a mail starts with
 * @param host the interface that is bound
 */
export function addressOf(publicUrl: string, host: string, port: number): Address {
  const own = new URL(publicUrl).origin;
  if (!isLoopback(host)) return { origins: [own], isLoopback: false };
  return { origins: [...new Set([own, ...LOOPBACK.map((name) => `http://${name}:${port}`)])], isLoopback: true };
}

/** Whether the page is served encrypted, at its own end or at the proxy before it. */
export const isHttps = ({ origins }: Address): boolean => origins[0]?.startsWith('https:') ?? false;

/**
 * Whether the request was meant for us. A strange name that points to this machine would make a stranger's page one of
 * our origin. Off loopback, a service may be called by names that we can't know, and there is nothing that such a page
 * could use: cookies belong to a name.
 */
export function isOwnHost(request: Request, { origins, isLoopback }: Address): boolean {
  if (!isLoopback) return true;
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return origins.some((origin) => new URL(origin).host === host.toLowerCase());
}

/**
 * Whether another page may have made a browser send this. To change something, a page has to say by both headers that it
 * is ours; to read, only a browser that says otherwise is turned away, since some send neither.
 */
export function isFromElsewhere(request: Request, { origins }: Address): boolean {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const isOurs = origin !== null && origins.includes(origin);
  const isNear = site === 'same-origin' || site === 'none';
  if (SAFE.has(request.method)) return (site !== null && !isNear) || (origin !== null && !isOurs);
  return !isOurs || !isNear;
}
