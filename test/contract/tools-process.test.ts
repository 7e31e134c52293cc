import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { createToolClient } from '../../activities/tool-client.ts';
import { postNotification } from '../../contracts/tools/notifications.ts';
import { openDatabase } from '../../tools/database.ts';
import { toolsCommand } from '../../workers/tool-settings.ts';
import { failureOf } from '../support/tool-callers.ts';
import { SAMPLES } from '../support/tool-calls.ts';
import { startToolWorld } from '../support/tool-world.ts';

const PATIENCE_MS = 10_000;
const ARGS = SAMPLES['notifications.post'].call('');

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A receiver that answers when it is told to, and tells when a call has reached it. */
async function patientReceiver() {
  const [reached, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = createServer(async (_, response) => {
    reached.resolve();
    await answered.promise;
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, reached: reached.promise, answer: () => answered.resolve() };
}

async function processSettings(webhookUrl?: string) {
  const { settings, stop } = await startToolWorld([], { outsideTimeoutMs: 8000, leaseMs: 9000 });
  stops.push(stop);
  return {
    tools: { ...settings, ...(webhookUrl ? { webhookUrl } : {}) },
    http: { host: '127.0.0.1', port: 0, token: 'let-me-in' },
  };
}

async function startProcess(settings: Parameters<typeof toolsCommand>[0]) {
  const { command, args } = toolsCommand(settings);
  const child = spawn(
    command,
    args.filter((arg) => arg !== '--stdio'),
    { env: {}, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  stops.push(() => child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const found = /http:\/\/\S+/.exec(line);
      if (found) resolve(found[0]);
    });
    child.once('exit', () => reject(new Error('The tools process ended.')));
  });
  return { child, url, ended: new Promise<number | null>((resolve) => child.once('exit', resolve)) };
}

const call = (client: ReturnType<typeof createToolClient>, key: string) =>
  client.call(postNotification, ARGS, { key, signal: AbortSignal.timeout(PATIENCE_MS), timeoutMs: PATIENCE_MS });

test('the HTTP process tells its health to anybody and takes calls from those with the token', async () => {
  const { url, child, ended } = await startProcess(await processSettings());
  const health = await fetch(new URL('/health', url));
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  const stranger = createToolClient({ url, token: 'wrong' });
  expect((await failureOf(call(stranger, 'k'))).failure).toMatchObject({
    type: 'ToolRejected',
    details: { status: 401 },
  });
  const foreignPage = await fetch(url, {
    method: 'POST',
    headers: { origin: 'https://evil.example', authorization: 'Bearer let-me-in' },
    body: '{}',
  });
  expect(foreignPage.status).toBe(403);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('the HTTP process finishes the call that runs when it is told to stop (PF-46)', async () => {
  const receiver = await patientReceiver();
  const { url, child, ended } = await startProcess(await processSettings(receiver.url));
  const client = createToolClient({ url, token: 'let-me-in' });
  const running = call(client, 'drained');
  await receiver.reached;
  child.kill('SIGTERM');
  setTimeout(receiver.answer, 300);
  const began = performance.now();
  expect((await running).answer).toEqual({ notificationId: 'drained', channel: 'sales' });
  expect(await ended).toBe(0);
  expect(performance.now() - began).toBeLessThan(2500);
  await client.close();
});

test('the stdio child finishes the call that runs when its parent goes, and keeps the result (PF-46)', async () => {
  const receiver = await patientReceiver();
  const settings = await processSettings(receiver.url);
  const client = createToolClient(toolsCommand(settings));
  const running = call(client, 'kept').catch(() => undefined);
  await receiver.reached;
  setTimeout(receiver.answer, 300);
  await client.close();
  await running;
  const database = await openDatabase(settings.tools);
  const row = () => database.selectFrom('ledger').select('state').where('key', '=', 'kept').executeTakeFirst();
  await expect.poll(row, { timeout: 5000 }).toEqual({ state: 'done' });
  await database.destroy();
});

test('an effect whose caller stopped waiting is finished, and the next caller gets its result (PF-46)', async () => {
  const receiver = await patientReceiver();
  const { url } = await startProcess(await processSettings(receiver.url));
  const client = createToolClient({ url, token: 'let-me-in' });
  const patience = new AbortController();
  const options = { key: 'late', signal: patience.signal, timeoutMs: PATIENCE_MS };
  const impatient = failureOf(client.call(postNotification, ARGS, options));
  await receiver.reached;
  patience.abort();
  expect((await impatient).failure.type).toBe('ToolUnavailable');
  expect((await failureOf(call(client, 'late'))).failure.type).toBe('EffectInFlight');
  receiver.answer();
  const answered = () => call(client, 'late').catch(() => undefined);
  await expect.poll(answered, { timeout: 3000 }).toMatchObject({ replayed: true });
  await client.close();
});

test('a broken world file or setting ends the process with words, and with 1', async () => {
  const settings = await processSettings();
  const { command, args } = toolsCommand({
    ...settings,
    worldFile: join(settings.tools.stateDir, 'no-such-world.json'),
  });
  const child = spawn(command, args, { env: {}, stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(1);
  expect(words).toMatch(/no-such-world/);
});
