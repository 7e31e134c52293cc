import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

export interface ApiServing {
  readonly url: string;
  /** Takes no new connection, lets calls that run finish, and resolves; after a while those that don't are cut off. */
  drain(): Promise<void>;
}

/** How long calls may take that have begun when the process is told to stop, milliseconds. */
const DRAIN_MS = 10_000;
/** A caller that sends its request slower than this is not waited for, milliseconds. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const MOST_HEADER_BYTES = 16_384;

/** Serves over HTTP/1.1. Encryption is the business of the proxy before it. */
export async function serveApi(
  fetch: (request: Request, env: object) => Response | Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ApiServing> {
  const options = {
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    maxHeaderSize: MOST_HEADER_BYTES,
    // Else they are looked for every half a minute only.
    connectionsCheckingInterval: 5000,
  };
  const server = createAdaptorServer({ fetch, serverOptions: options }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, drain: () => drained(server) };
}

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive becomes idle only when its last answer is out.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(late);
      resolve();
    });
  });
}
