import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { outsideFiles } from './files.ts';
import { appendLine, shortHash } from './log.ts';
import type { Part, PartSettings } from './part.ts';

const MOST_BYTES = 10_000_000;

/** A mail server that delivers to a folder: the message as .eml, and a line that names it. */
export async function startMailSink({ host, port, stateDir }: PartSettings): Promise<Part> {
  const files = outsideFiles(stateDir);
  mkdirSync(files.messages, { recursive: true });
  const deliver = async (bytes: Buffer): Promise<void> => {
    const message = await simpleParser(bytes);
    const messageId = message.messageId ?? `<none-${shortHash(bytes.toString('latin1'))}>`;
    const key = message.headers.get('x-idempotency-key');
    writeFileSync(join(files.messages, `${Date.now()}-${shortHash(messageId)}.eml`), bytes, { flush: true });
    appendLine(files.mail, {
      messageId,
      key: typeof key === 'string' ? key : null,
      attachments: message.attachments.length,
      notice: message.headers.has('auto-submitted'),
    });
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MOST_BYTES,
    onData: (stream, _session, done) => {
      buffer(stream)
        .then(deliver)
        .then(
          () => done(),
          () => done(new Error('The message could not be kept.')),
        );
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.server.address() as AddressInfo;
  return { url: `smtp://${host}:${taken}`, stop: () => new Promise((resolve) => server.close(resolve)) };
}
