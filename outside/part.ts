import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PartSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly stateDir: string;
}

/** A part of the outside world that listens. */
export interface Part {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves HTTP; a handler's mistake is a 500 without words. */
export async function serve(
  { host, port }: Pick<PartSettings, 'host' | 'port'>,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Part> {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host}:${taken}`, stop };
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
