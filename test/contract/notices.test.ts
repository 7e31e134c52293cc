import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Announcement, createAnnounce } from '../../activities/notify.ts';
import { createToolClient, type ToolClient } from '../../activities/tool-client.ts';
import { ROLES } from '../../contracts/roles.ts';
import { countEffects } from '../../outside/counts.ts';
import { outsideFiles } from '../../outside/files.ts';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { serveHttp } from '../../tools/http.ts';
import { serverFactory } from '../../tools/server.ts';
import type { ToolSettings } from '../../tools/settings.ts';
import { startToolWorld, type ToolWorld } from '../support/tool-world.ts';

const DESK = 'https://desk.governor.example';
const LINK = `${DESK}/desk/#/approvals/approveExpense-7%2F%C3%BC/line-2`;
const NOTICE: Announcement = {
  key: 'run-1:line-2:0:opened',
  caseId: 'approveExpense-7/ü',
  approval: 'line-2',
  role: 'manager',
  people: [
    { person: 'tomas.okonjo', email: 'tomas.okonjo@governor.example' },
    { person: 'darius.wren', email: 'darius.wren@governor.example' },
    { person: 'nobody.reachable' },
  ],
  message: 'proposal line-2 of case approveExpense-7/ü waits for manager.',
};

interface Delivery {
  readonly body: string;
  readonly headers: Record<string, string>;
}

let toolWorld: ToolWorld;
let database: Database;
let deliveries: Delivery[];
let receiver: { url: string; stop: () => void };

beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());
beforeEach(async () => {
  deliveries = [];
  toolWorld = await startToolWorld([], { webhookUrl: receiver.url, outsideTimeoutMs: 2500, leaseMs: 3000 });
  database = await openDatabase(toolWorld.settings);
  return async () => {
    await database.destroy();
    await toolWorld.stop();
  };
});

describe('people are told that something waits for them', () => {
  test('by an e-mail with the link to it, which names nobody', async () => {
    await announcing(toolWorld.settings, NOTICE);
    const [message, ...others] = await mailbox(toolWorld.settings.stateDir);
    expect(others).toEqual([]);
    expect(message?.subject).toBe('line-2 waits for manager');
    expect(message?.text).toContain(NOTICE.message);
    expect(message?.text?.split('\n')).toContain(LINK);
    expect(message?.text).toMatch(/decides nothing/);
    expect(message?.html).toBe(false);
    expect([message?.to].flat().flatMap((to) => to?.value.map(({ address }) => address))).toEqual([
      'tomas.okonjo@governor.example',
      'darius.wren@governor.example',
    ]);
    expect(`${message?.subject} ${message?.text}`).not.toMatch(/tomas|darius|nobody|@/);
  });

  test('by a signed webhook to the channel of the role, with the same link', async () => {
    await announcing(toolWorld.settings, NOTICE);
    expect(deliveries).toHaveLength(1);
    const [{ body, headers } = { body: '', headers: {} }] = deliveries;
    const told = new Webhook(toolWorld.settings.webhookSecret).verify(body, headers);
    expect(told).toMatchObject({
      data: { subjectId: NOTICE.caseId, channel: 'manager', message: `${NOTICE.message} ${LINK}` },
    });
    expect(body).not.toMatch(/tomas|darius|@governor/);
    const forged = body.replace('manager', 'director');
    expect(() => new Webhook(toolWorld.settings.webhookSecret).verify(forged, headers)).toThrow();
  });

  test.each(ROLES)('and what waits for %s does not end up with somebody else', async (role) => {
    await announcing(toolWorld.settings, { ...NOTICE, role, people: [] });
    const data = JSON.parse(deliveries[0]?.body ?? '{}').data;
    expect(data.channel).toBe(role === 'customer' ? 'sales-desk' : role);
    expect(await mailbox(toolWorld.settings.stateDir)).toEqual([]);
  });

  test('once, however often the same is announced', async () => {
    const tools = await serving(toolWorld.settings);
    const { log } = memoryLog();
    const announce = createAnnounce(tools.client, { deskUrl: DESK, log });
    for (let time = 0; time < 3; time++) await announce(NOTICE);
    await announce({ ...NOTICE, key: 'run-1:line-2:0:reminded' });
    await tools.stop();
    expect(deliveries).toHaveLength(2);
    expect((await countEffects(toolWorld.settings)).notices).toHaveLength(2);
    expect((await countEffects(toolWorld.settings)).mails).toEqual([]);
  });

  test('with a link that is whole, however long the words are', async () => {
    await announcing(toolWorld.settings, { ...NOTICE, caseId: `case-${'x'.repeat(400)}`, message: 'w'.repeat(2000) });
    const { subjectId, message } = JSON.parse(deliveries[0]?.body ?? '{}').data;
    expect(subjectId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(message).toHaveLength(1000);
    expect(message.endsWith(`/approvals/case-${'x'.repeat(400)}/line-2`)).toBe(true);
  });
});

describe('nobody waits for a notice', () => {
  test('a mail server that never answers delays it by two seconds, is written down, and the webhook has gone out', async () => {
    const dead = await silentServer();
    const began = performance.now();
    const lines = await announcing({ ...toolWorld.settings, smtpUrl: dead.url }, NOTICE);
    expect(performance.now() - began).toBeLessThan(2600);
    await dead.stop();
    expect(deliveries).toHaveLength(1);
    expect(lines).toEqual([
      expect.objectContaining({
        tool: 'notifications.mail',
        failure: 'ToolUnavailable',
        approval: 'line-2',
        role: 'manager',
      }),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/tomas|darius|@/);
  });

  test('one that is not there, a receiver that refuses and tools that are gone are written down and no more', async () => {
    const settings = { ...toolWorld.settings, smtpUrl: 'smtp://127.0.0.1:9', webhookUrl: `${receiver.url}/refuse` };
    const lines = await announcing(settings, NOTICE);
    expect(lines.map(({ tool, failure }) => [tool, failure]).sort()).toEqual([
      ['notifications.mail', 'ToolUnavailable'],
      ['notifications.post', 'ToolRejected'],
    ]);
    const gone = createToolClient({ url: 'http://127.0.0.1:9/mcp' });
    const { log, lines: others } = memoryLog();
    await createAnnounce(gone, { deskUrl: DESK, log })(NOTICE);
    expect(others()).toHaveLength(2);
    await gone.close();
  });
});

/** Announces through tools of these settings, as a worker does; the lines that were logged. */
async function announcing(settings: ToolSettings, notice: Announcement): Promise<Record<string, unknown>[]> {
  const tools = await serving(settings);
  const { log, lines } = memoryLog();
  await createAnnounce(tools.client, { deskUrl: DESK, log })(notice);
  await tools.stop();
  return lines();
}

async function serving(settings: ToolSettings): Promise<{ client: ToolClient; stop: () => Promise<void> }> {
  const offered = Object.values(createTools(database, settings));
  const server = await serveHttp(serverFactory(offered), { host: '127.0.0.1', port: 0, token: 'let-me-in' });
  const client = createToolClient({ url: server.url, token: 'let-me-in' });
  const stop = async () => {
    await client.close();
    await server.drain();
  };
  return { client, stop };
}

function memoryLog() {
  const written: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void written.push(line) });
  return { log, lines: () => written.map((line): Record<string, unknown> => JSON.parse(line)) };
}

async function mailbox(stateDir: string) {
  const { messages } = outsideFiles(stateDir);
  const files = await readdir(messages);
  return Promise.all(files.map(async (file) => simpleParser(await readFile(`${messages}/${file}`))));
}

async function startReceiver() {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.url?.endsWith('/refuse')) return void response.writeHead(403).end();
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    deliveries.push({ body, headers: Object.fromEntries(headers) });
    response.writeHead(204).end();
  });
  const url = await listening(server);
  return { url: `http://${url}`, stop: () => server.close() };
}

/** Takes connections and never says a word. */
async function silentServer() {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => void open.add(socket.on('error', () => undefined)));
  const url = await listening(server);
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      for (const socket of open) socket.destroy();
    });
  return { url: `smtp://${url}`, stop };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return `127.0.0.1:${address.port}`;
}
