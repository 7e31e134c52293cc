import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serve } from '../outside/part.ts';
import { tellParent } from './child.ts';
import { BadConfig, loadConfig } from './config.ts';
import { createCodec } from './payloads/codec.ts';
import { createCodecHandler, MOST_BYTES } from './payloads/codec-handler.ts';
import { openKeyring } from './payloads/keyring.ts';

/** This machine alone: whoever reaches the codec server can read every payload. */
const HOST = '127.0.0.1';
/** Names of this machine; another one in front of our port is a page that pretends to be us. */
const OWN_NAME = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** `npm run codec`: opens locked payloads for the Temporal Web UI and command line of this machine. */
async function main(): Promise<void> {
  const { payloads, ports } = loadConfig();
  if (!payloads.keysFile) throw new Error('PAYLOAD_KEYS_FILE: has to be set, or there is nothing to open.');
  const handle = createCodecHandler({ codec: createCodec(openKeyring(payloads.keysFile)), origins: payloads.origins });
  const part = await serve({ host: HOST, port: ports.codec }, async (request, response) => {
    if (!OWN_NAME.test(request.headers.host ?? '')) return void response.writeHead(403).end();
    if (!(Number(request.headers['content-length'] ?? 0) <= MOST_BYTES) || request.headers['transfer-encoding'])
      return void response.writeHead(413, { connection: 'close' }).end();
    await pass(await handle(await asked(request)), response);
  });
  if (!tellParent())
    console.error(`The codec server: ${part.url}, for pages of ${payloads.origins.join(', ') || 'nobody'}`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await part.stop();
}

async function asked(request: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers.set(name, value);
  const method = request.method ?? 'GET';
  const body = method === 'POST' ? { body: new Uint8Array(await buffer(request)) } : {};
  return new Request(`http://${HOST}${request.url ?? '/'}`, { method, headers, ...body });
}

async function pass(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
