import { createServer, type ServerResponse } from 'node:http';
import { z } from 'zod';

/** How a server of our own answers one request: whole, in part, or not at all. */
export type Answerer = (response: ServerResponse) => void;

export interface WireServer {
  readonly url: string;
  /** Bodies as they came over the wire. */
  readonly bodies: Record<string, unknown>[];
  readonly headers: NodeJS.Dict<string | string[]>[];
  answers(answerer: Answerer): void;
  stop(): Promise<void>;
}

/** Says exactly what a test tells it to, where a ready-made fake cannot. */
export async function startWireServer(): Promise<WireServer> {
  let answerer: Answerer = json({});
  const bodies: Record<string, unknown>[] = [];
  const headers: NodeJS.Dict<string | string[]>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      bodies.push(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
      headers.push(request.headers);
      answerer(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    bodies,
    headers,
    answers: (next) => {
      answerer = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  };
}

/** A whole answer. */
export function json(body: unknown, status = 200, extra: Record<string, string> = {}): Answerer {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...extra }).end(JSON.stringify(body));
}

/** Headers and the beginning of a body, and then silence. */
export const stall: Answerer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":');
};

/** No answer at all. */
export const silence: Answerer = () => {};

/** Part of a body, and then the connection breaks. */
export const breakOff: Answerer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9999' });
  response.write('{"id":', () => response.destroy());
};
