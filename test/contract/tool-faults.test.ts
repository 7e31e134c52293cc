import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countEffects } from '../../outside/counts.ts';
import { outsideFiles } from '../../outside/files.ts';
import { startMailSink } from '../../outside/mail-sink.ts';
import type { Fault } from '../../outside/world.ts';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { failureOf } from '../support/tool-callers.ts';
import { SAMPLES } from '../support/tool-calls.ts';
import { documentOf, startToolWorld, type ToolWorld } from '../support/tool-world.ts';

const KINDS: readonly [Fault['kind'], string, Record<string, unknown>][] = [
  ['unavailable', 'ToolUnavailable', { status: 503 }],
  ['rate-limited', 'ToolRateLimited', {}],
  ['rejects', 'ToolRejected', { status: 422 }],
  ['garbage', 'BadAnswer', { field: 'checkedAt' }],
  ['truncated', 'BadAnswer', { field: '$' }],
  ['error-in-200', 'ErrorInAnswer', {}],
  ['slow', 'ToolUnavailable', {}],
  ['too-large', 'AnswerTooLarge', {}],
];

const meta = (key: string) => ({ key, signal: AbortSignal.timeout(20_000) });

describe('a registry that misbehaves', () => {
  let toolWorld: ToolWorld;
  let database: Database;
  const number = (kind: string) => `FAULT${kind.replaceAll('-', '').toUpperCase()}`;
  const check = (kind: string, key: string, outsideTimeoutMs = 5000) =>
    createTools(database, { ...toolWorld.settings, outsideTimeoutMs })['identity.verify'].run(
      { ...SAMPLES['identity.verify'].call(''), number: number(kind) },
      meta(key),
    );

  beforeAll(async () => {
    toolWorld = await startToolWorld(
      KINDS.map(([kind]) => documentOf(number(kind), { fault: { kind, times: 2, seconds: 2 } })),
    );
    database = await openDatabase(toolWorld.settings);
  });
  afterAll(async () => {
    await database.destroy();
    await toolWorld.stop();
  });

  test.each(KINDS)('%s is %s, is not remembered, and is over after two times', async (kind, type, details) => {
    for (const _ of [1, 2]) {
      const { failure } = await failureOf(check(kind, `key-${kind}`, kind === 'slow' ? 300 : 5000));
      expect(failure).toMatchObject({ type, details });
      expect(JSON.stringify(failure)).not.toMatch(/GARBAGE|E-1042|Byron/);
    }
    expect((await check(kind, `key-${kind}`)).answer).toMatchObject({ match: 'match' });
  });

  test('rate-limited says how long to wait', async () => {
    const again = await startToolWorld([
      documentOf('LIMITED1', { fault: { kind: 'rate-limited', times: null, seconds: 7 } }),
    ]);
    const store = await openDatabase(again.settings);
    const call = createTools(store, again.settings)['identity.verify'].run(
      { ...SAMPLES['identity.verify'].call(''), number: 'LIMITED1' },
      meta('k'),
    );
    expect((await failureOf(call)).retryAfterMs).toBe(7000);
    await store.destroy();
    await again.stop();
  });
});

describe('what the registry knows', () => {
  const cases: [string, Parameters<typeof documentOf>[1], Record<string, unknown>, Record<string, unknown>][] = [
    [
      'the bearer in other letters and another order',
      {},
      { name: 'byron, ÁDA' },
      { match: 'match', subjectId: 'cus-ada', origin: 'live' },
    ],
    ['another name', {}, { name: 'Ada Lovelace' }, { match: 'mismatch', subjectId: 'cus-ada' }],
    ['another birth date', {}, { birthDate: '1990-12-11' }, { match: 'mismatch' }],
    ['another kind of document', {}, { document: 'identity-card' }, { match: 'mismatch' }],
    ['an unknown number', {}, { number: 'NOBODY99' }, { match: 'mismatch', subjectId: 'cus-ada' }],
    ['a watch list', { watchList: true }, {}, { match: 'possible-watch-list' }],
    ['another subject', { subjectId: 'cus-eve' }, {}, { match: 'match', subjectId: 'cus-eve', origin: 'live' }],
    [
      'an old check of another subject',
      { cached: { subjectId: 'cus-eve', checkedMinutesAgo: 90 } },
      {},
      { match: 'match', subjectId: 'cus-eve', origin: 'cache' },
    ],
  ];
  test.each(cases)('%s', async (_what, special, asked, says) => {
    const toolWorld = await startToolWorld([documentOf('REC12345', special)]);
    const database = await openDatabase(toolWorld.settings);
    const run = createTools(database, toolWorld.settings)['identity.verify'].run(
      { ...SAMPLES['identity.verify'].call(''), number: 'rec-12345', ...asked },
      meta('k'),
    );
    const { answer } = await run;
    expect(answer).toMatchObject(says);
    const ageMinutes = (Date.now() - Date.parse(String(answer['checkedAt']))) / 60_000;
    expect(Math.round(ageMinutes)).toBe(special?.cached ? 90 : 0);
    await database.destroy();
    await toolWorld.stop();
  });
});

describe('one effect, whatever becomes of the answer (PF-46)', () => {
  let toolWorld: ToolWorld;
  let database: Database;
  beforeAll(async () => {
    toolWorld = await startToolWorld();
    database = await openDatabase(toolWorld.settings);
  });
  afterAll(async () => {
    await database.destroy();
    await toolWorld.stop();
  });

  const until = async (run: () => Promise<unknown>) => {
    for (;;) {
      try {
        return await run();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };

  test('a webhook whose answer is lost is delivered again, and counts once', async () => {
    const { settings } = toolWorld;
    let drops = 1;
    const proxy = createServer(async (request, response: ServerResponse) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const headers = Object.fromEntries(
        Object.entries(request.headers)
          .filter(([name]) => name.startsWith('webhook'))
          .map(([name, value]) => [name, String(value)]),
      );
      const taken = await fetch(settings.webhookUrl, { method: 'POST', headers, body: Buffer.concat(parts) });
      if (drops-- > 0) return response.destroy();
      response.writeHead(taken.status).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const webhookUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const post = createTools(database, { ...settings, webhookUrl })['notifications.post'];
    expect((await failureOf(post.run(SAMPLES['notifications.post'].call(''), meta('lost')))).failure.type).toBe(
      'ToolUnavailable',
    );
    await until(() => post.run(SAMPLES['notifications.post'].call(''), meta('lost')));
    const found = await countEffects(settings);
    expect([found.notifications.length, found.repeatedDeliveries]).toEqual([1, 1]);
    proxy.close();
    proxy.closeAllConnections();
  });

  test('a webhook signed with another secret is refused', async () => {
    const post = createTools(database, {
      ...toolWorld.settings,
      webhookSecret: `whsec_${Buffer.from('another').toString('base64')}`,
    })['notifications.post'];
    const { failure } = await failureOf(post.run(SAMPLES['notifications.post'].call(''), meta('forged')));
    expect(failure).toMatchObject({ type: 'ToolRejected', details: { status: 401 } });
  });

  const kit = async () => {
    const { answer } = await createTools(database, toolWorld.settings)['documents.generate'].run(
      SAMPLES['documents.generate'].call(''),
      meta('kit'),
    );
    return SAMPLES['email.send'].call(String(answer['documentId']));
  };

  test('a mail whose answer is lost is found in the mailbox and not sent again', async () => {
    const { settings } = toolWorld;
    const mute = await cutAfterData(settings.smtpUrl);
    const call = await kit();
    const send = createTools(database, { ...settings, smtpUrl: mute.url })['email.send'];
    expect((await failureOf(send.run(call, meta('mail')))).failure.type).toBe('ToolUnavailable');
    expect((await failureOf(send.run(call, meta('mail')))).failure.type).toBe('EffectInFlight');
    await new Promise((resolve) => setTimeout(resolve, settings.leaseMs));
    expect(await send.run(call, meta('mail'))).toMatchObject({ replayed: true });
    expect((await countEffects(settings)).mails.map(({ key }) => key)).toEqual(['mail']);
    await mute.stop();
  });

  test('a mail that nobody can look up goes to a person', async () => {
    const { settings } = toolWorld;
    const mute = await cutAfterData(settings.smtpUrl);
    const call = await kit();
    const { mailboxLog: _, ...foreign } = settings;
    const send = createTools(database, { ...foreign, leaseMs: 200, outsideTimeoutMs: 150, smtpUrl: mute.url })[
      'email.send'
    ];
    expect((await failureOf(send.run(call, meta('foreign')))).failure.type).toBe('ToolUnavailable');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect((await failureOf(send.run(call, meta('foreign')))).failure.type).toBe('EffectUnknown');
    await mute.stop();
  });

  test('a mail server that is down has surely sent nothing, and may be tried at once', async () => {
    const call = await kit();
    const down = await startMailSink({ host: '127.0.0.1', port: 0, stateDir: toolWorld.stateDir });
    await down.stop();
    const tools = (smtpUrl: string) => createTools(database, { ...toolWorld.settings, smtpUrl })['email.send'];
    const { failure } = await failureOf(tools(down.url).run(call, meta('down')));
    expect(failure).toMatchObject({ type: 'ToolUnavailable', details: { effect: 'none' } });
    expect(await tools(toolWorld.settings.smtpUrl).run(call, meta('down'))).toMatchObject({ replayed: false });
  });

  test('the message carries its document, and its id is made from the key', async () => {
    const { readdir, readFile } = await import('node:fs/promises');
    const { simpleParser } = await import('mailparser');
    const folder = outsideFiles(toolWorld.stateDir).messages;
    const names = await readdir(folder);
    const message = await simpleParser(await readFile(`${folder}/${names[0]}`));
    expect(message).toMatchObject({ subject: 'Welcome', text: expect.stringContaining('Hello Ada') });
    expect(message.attachments[0]?.content.subarray(0, 5).toString()).toBe('%PDF-');
    expect(message.messageId).toMatch(/^<[0-9a-f]{40}@governor\.example>$/);
  });
});

/** A relay that delivers the message and then never says so. */
async function cutAfterData(smtpUrl: string) {
  const { connect, createServer: listen } = await import('node:net');
  const { hostname, port } = new URL(smtpUrl);
  const server = listen((near) => {
    const far = connect(Number(port), hostname);
    let inData = false;
    let ended = false;
    near.on('data', (chunk: Buffer) => {
      far.write(chunk);
      if (/^DATA/im.test(chunk.toString('latin1'))) inData = true;
      if (inData && chunk.toString('latin1').endsWith('\r\n.\r\n')) ended = true;
    });
    far.on('data', (chunk: Buffer) => void (ended ? undefined : near.write(chunk)));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${taken}`, stop: async () => void server.close() };
}
