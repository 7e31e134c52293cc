import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UiServing {
  readonly port: number;
  close(): Promise<void>;
}

export interface UiPlace {
  /** The interface and port (0 for any free one) that people look at. */
  readonly host: string;
  readonly port: number;
  /** The Web UI itself, `http://host:port`; nobody else should reach it. */
  readonly upstream: string;
}

/** What the page asks for before it draws its buttons. */
const SETTINGS = '/api/v1/settings';
/** Asking a run something changes nothing, although it is a POST. */
const QUERY = /^\/api\/v1\/namespaces\/[^/]+\/workflows\/[^/]+\/query\/[^/]+$/;
/** One hop only; the answer has its own. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host']);

/**
 * Serves a Web UI that has no switch of its own for it without what it can do: cases are not started, signalled,
 * cancelled, terminated or reset from a page that asks nobody who they are. What only reads goes through, and the page is
 * told to draw no buttons.
 * @throws Error where the port cannot be bound
 */
export async function serveReadOnlyUi({ host, port, upstream }: UiPlace): Promise<UiServing> {
  const server = createServer((incoming, response) => {
    if (isHarmless(incoming)) forward(incoming, response, upstream);
    else response.writeHead(403, { 'content-type': 'text/plain' }).end('This page is for looking only.');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

/** The path is compared as it is sent on: one with dots or escapes in it may mean another there. */
function isHarmless({ method, url = '/' }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  const [path = ''] = url.split('?');
  return method === 'POST' && QUERY.test(path) && !path.includes('..') && !/%2e|%2f/i.test(path);
}

function forward(incoming: IncomingMessage, response: ServerResponse, upstream: string): void {
  const { method, url = '/' } = incoming;
  const isSettings = url.split('?')[0] === SETTINGS;
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !HOP.has(name)));
  // The settings are read here, so they have to come as they are.
  if (isSettings) delete headers['accept-encoding'];
  // Made of its parts: an address that the caller completes could lead to another machine.
  const { hostname, port } = new URL(upstream);
  const outgoing = send({ hostname, port, path: url, method, headers }, (answer) => {
    const kept = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !HOP.has(name)));
    if (isSettings) return void withoutButtons(answer, response, kept);
    response.writeHead(answer.statusCode ?? 502, kept);
    answer.pipe(response);
  });
  outgoing.once('error', () => {
    if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
    response.end('The Web UI does not answer.');
  });
  response.once('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

async function withoutButtons(
  answer: IncomingMessage,
  response: ServerResponse,
  headers: IncomingMessage['headers'],
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const settings = { ...JSON.parse(Buffer.concat(chunks).toString('utf8')), DisableWriteActions: true };
    const { 'content-length': _length, ...rest } = headers;
    response.writeHead(answer.statusCode ?? 502, rest).end(JSON.stringify(settings));
  } catch {
    response.writeHead(502, { 'content-type': 'text/plain' }).end('The Web UI does not answer.');
  }
}
