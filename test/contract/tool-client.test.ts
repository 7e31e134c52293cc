import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, describe, expect, test } from 'vitest';
import { createToolClient, type ToolClient } from '../../activities/tool-client.ts';
import { Failed, fail } from '../../contracts/failures.ts';
import { CALL, ERROR, IDEMPOTENCY_KEY, REPLAYED, type Tool } from '../../contracts/tool.ts';
import { openEscalation } from '../../contracts/tools/escalations.ts';
import { tools as contracts } from '../../contracts/tools/index.ts';
import { postNotification } from '../../contracts/tools/notifications.ts';
import { openDatabase } from '../../tools/database.ts';
import { createLedger } from '../../tools/ledger.ts';
import { type Offered, offer } from '../../tools/offer.ts';
import { failureOf } from '../support/tool-callers.ts';
import { SAMPLES } from '../support/tool-calls.ts';
import { type Handler, newServer, oldServer, swappable } from '../support/tool-servers.ts';
import { startToolWorld } from '../support/tool-world.ts';

const TOOL: Tool = { ...openEscalation, guarded: openEscalation.guarded, outgoing: [] };
const CALL_ARGS = SAMPLES['escalations.open'].call('');
const ANSWER = { escalationId: 'esc-1', queue: 'identity-ops' };
const PATIENCE_MS = 5000;

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const ask = (client: ToolClient, key = 'k', timeoutMs = PATIENCE_MS, tool: Tool = TOOL) =>
  client.call(tool, CALL_ARGS, { key, signal: AbortSignal.timeout(timeoutMs), timeoutMs });

const offering = (run: Offered['run'], tool: Tool = TOOL): Offered => ({ tool, run });
const saying = (answer: Record<string, unknown>) => offering(async () => ({ answer, replayed: false }));
const asOld = (answer: unknown) => async () => ({ content: [{ type: 'text' as const, text: JSON.stringify(answer) }] });

async function clientOf(handler: Handler) {
  const server = await swappable(handler);
  const client = createToolClient({ url: server.url });
  stops.push(server.stop, () => client.close());
  return { client, server };
}

describe('an answer that is not what its contract promises', () => {
  test.each([
    ['another type', { escalationId: 7, queue: 'identity-ops' }, 'escalationId'],
    ['an unknown value', { escalationId: 'e', queue: 'nobody' }, 'queue'],
    ['a field too many', { ...ANSWER, extra: 1 }, '$'],
    ['nothing', null, '$'],
  ])('%s is a BadAnswer that names tool and field (PF-40)', async (_what, answer, field) => {
    const { client } = await clientOf(oldServer([TOOL.name], asOld(answer)));
    const { failure } = await failureOf(ask(client));
    expect(failure).toMatchObject({ type: 'BadAnswer', details: { tool: TOOL.name, field } });
  });

  test('text that is no JSON-RPC is a BadAnswer or an unreachable tool, never an answer', async () => {
    const { client } = await clientOf(
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc"'),
    );
    expect(['BadAnswer', 'ToolUnavailable']).toContain((await failureOf(ask(client))).failure.type);
  });
});

describe('an answer with too many bytes is let go before anything parses it', () => {
  const huge = { ...ANSWER, padding: 'x'.repeat(3_000_000) };
  test('over HTTP', async () => {
    const { client } = await clientOf(oldServer([TOOL.name], asOld(huge)));
    expect((await failureOf(ask(client))).failure.type).toBe('AnswerTooLarge');
  });

  test('over HTTP as an event stream that never ends', async () => {
    let wrote = 0;
    const answer = oldServer([TOOL.name], asOld(ANSWER));
    const { client, server } = await clientOf(answer);
    await ask(client, 'first');
    server.become((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => {
        wrote += 10_000;
        response.write(`data: ${'x'.repeat(10_000)}\n`);
      }, 1);
      response.on('close', () => clearInterval(timer));
    });
    expect((await failureOf(ask(client))).failure.type).toBe('AnswerTooLarge');
    expect(wrote).toBeLessThan(1_000_000);
  });

  test('an answer may be as large as its contract says', async () => {
    const full = { escalationId: 'e'.repeat(64), queue: 'identity-ops' };
    const roomy = { ...TOOL, maxAnswerBytes: Buffer.byteLength(JSON.stringify(full)) };
    const { client } = await clientOf(newServer([saying(full)]));
    expect((await ask(client, 'k', PATIENCE_MS, roomy)).answer).toEqual(full);
    const tight = { ...roomy, maxAnswerBytes: roomy.maxAnswerBytes - 1 };
    expect((await failureOf(ask(client, 'k', PATIENCE_MS, tight))).failure.type).toBe('AnswerTooLarge');
  });
});

describe('what a server says of its failure', () => {
  test.each([
    ['ToolRateLimited', 'ToolRateLimited'],
    ['EffectUnknown', 'EffectUnknown'],
    ['ErrorInAnswer', 'ErrorInAnswer'],
    ['StaleData', 'ToolRejected'],
    ['Terminated', 'ToolRejected'],
    ['constructor', 'ToolRejected'],
    ['NoSuchThing', 'ToolRejected'],
  ])('%s counts as %s', async (said, counts) => {
    const error = {
      type: said,
      retryable: true,
      retryAfterMs: 1500,
      details: { reason: 'short', nested: { secret: 'x' }, long: 'y'.repeat(500) },
    };
    const { client } = await clientOf(
      oldServer([TOOL.name], async () => ({
        isError: true,
        content: [{ type: 'text', text: 'their words: hunter2' }],
        _meta: { [ERROR]: error },
      })),
    );
    const { failure, retryAfterMs } = await failureOf(ask(client));
    expect([failure.type, retryAfterMs, failure.details]).toEqual([counts, 1500, { reason: 'short', tool: TOOL.name }]);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });

  test.each([
    [401, 'ToolRejected'],
    [429, 'ToolRateLimited'],
    [500, 'ToolUnavailable'],
    [503, 'ToolUnavailable'],
    [404, 'ToolUnavailable'],
  ])('HTTP %i in place of an answer is %s', async (status, type) => {
    const { client, server } = await clientOf(newServer([saying(ANSWER)]));
    await ask(client);
    server.become((_, response) => void response.writeHead(status).end('password=hunter2'));
    const { failure } = await failureOf(ask(client));
    expect(failure.type).toBe(type);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });

  test.each([
    ['our server', newServer([saying(ANSWER)])],
    [
      'an old server',
      oldServer([], async (name) => ({
        isError: true,
        content: [{ type: 'text', text: `MCP error -32602: Tool ${name} not found` }],
      })),
    ],
  ])('%s without the tool is ToolMissing', async (_name, handler) => {
    const { client } = await clientOf(handler);
    const { failure } = await failureOf(ask(client, 'k', PATIENCE_MS, { ...TOOL, name: 'escalations.shout' }));
    expect(failure.type).toBe('ToolMissing');
  });
});

test("a handler's throw reaches nobody with its words", async () => {
  const { settings, stop } = await startToolWorld();
  const database = await openDatabase(settings);
  stops.push(stop, () => database.destroy());
  const parts = { ledger: createLedger(database), now: Date.now };
  const leaky = offer(
    openEscalation,
    { kind: 'here', act: () => Promise.reject(new Error('password=hunter2')) },
    parts,
  );
  const { client, server } = await clientOf(newServer([leaky]));
  const { failure } = await failureOf(ask(client));
  expect(failure.type).toBe('InternalError');
  const raw = new OldClient({ name: 'old', version: '1' });
  await raw.connect(new OldTransport(new URL(server.url)) as Parameters<typeof raw.connect>[0]);
  const result = await raw.callTool({ name: TOOL.name, arguments: CALL_ARGS, _meta: { [IDEMPOTENCY_KEY]: 'k2' } });
  expect(JSON.stringify(result)).not.toContain('hunter2');
  expect(JSON.stringify(failure)).not.toContain('hunter2');
  await raw.close();
});

test('a client of the old SDK lists our tools with their limits and calls them (TF-47)', async () => {
  const { settings, stop } = await startToolWorld();
  const database = await openDatabase(settings);
  stops.push(stop, () => database.destroy());
  const { createTools } = await import('../../tools/catalogue.ts');
  const { server } = await clientOf(newServer(Object.values(createTools(database, settings))));
  const old = new OldClient({ name: 'old', version: '1' });
  await old.connect(new OldTransport(new URL(server.url)) as Parameters<typeof old.connect>[0]);
  const { tools } = await old.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual(Object.keys(contracts).sort());
  const listed = tools.find((tool) => tool.name === TOOL.name);
  expect(listed).toMatchObject({
    description: TOOL.purpose,
    annotations: { readOnlyHint: false, idempotentHint: true },
  });
  expect(listed?.inputSchema).toMatchObject({
    additionalProperties: false,
    properties: { summary: { maxLength: 500 } },
  });
  const call = () => old.callTool({ name: TOOL.name, arguments: CALL_ARGS, _meta: { [IDEMPOTENCY_KEY]: 'old' } });
  expect(await call()).toMatchObject({ structuredContent: { queue: 'identity-ops' }, _meta: { [REPLAYED]: false } });
  expect(await call()).toMatchObject({ _meta: { [REPLAYED]: true, [CALL]: CALL_ARGS } });
  await old.close();
});

test('a server replaced by a newer version, and by an older one, in the middle of calls goes unnoticed (WS-71)', async () => {
  const eras: string[] = [];
  const old = oldServer([TOOL.name], async () => {
    eras.push('old');
    return { content: [], structuredContent: ANSWER };
  });
  const fresh = newServer([
    offering(async () => {
      eras.push('new');
      return { answer: ANSWER, replayed: false };
    }),
  ]);
  const { client, server } = await clientOf(old);
  for (const next of [fresh, old, fresh]) {
    for (let n = 0; n < 5; n += 1) expect((await ask(client, `a${n}`)).answer).toEqual(ANSWER);
    const running = Array.from({ length: 10 }, (_, n) => ask(client, `b${n}`));
    server.become(next);
    expect(await Promise.all(running)).toHaveLength(10);
  }
  expect((await ask(client, 'last')).answer).toEqual(ANSWER);
  expect(eras.at(-1)).toBe('new');
  expect(new Set(eras).size).toBe(2);
});

test('a server that grows tools widens nobody (TF-49)', async () => {
  const grown = offering(async () => ({ answer: {}, replayed: false }), { ...TOOL, name: 'escalations.delete_all' });
  const { client, server } = await clientOf(newServer([saying(ANSWER)]));
  const before = await ask(client);
  server.become(newServer([saying(ANSWER), grown]));
  expect(await ask(client)).toEqual(before);
});

test('the key and the trace travel outside the arguments', async () => {
  let seen: Record<string, unknown> = {};
  const { client } = await clientOf(
    oldServer([TOOL.name], async (_, args, meta) => {
      seen = { args, ...meta };
      return { content: [], structuredContent: ANSWER };
    }),
  );
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await client.call(TOOL, CALL_ARGS, {
    key: 'the-key',
    signal: AbortSignal.timeout(PATIENCE_MS),
    timeoutMs: PATIENCE_MS,
    traceparent,
  });
  expect(seen).toMatchObject({ args: CALL_ARGS, [IDEMPOTENCY_KEY]: 'the-key', traceparent });
});

test('a server that says nothing, and one that is not there, are ToolUnavailable within the time given', async () => {
  const { client } = await clientOf(() => undefined);
  const began = performance.now();
  expect((await failureOf(ask(client, 'k', 300))).failure.type).toBe('ToolUnavailable');
  expect(performance.now() - began).toBeLessThan(2000);
  const nowhere = createToolClient({ url: 'http://127.0.0.1:9/mcp' });
  expect((await failureOf(ask(nowhere))).failure.type).toBe('ToolUnavailable');
  const noCommand = createToolClient({ command: '/no/such/command', args: [] });
  expect((await failureOf(ask(noCommand))).failure.type).toBe('ToolUnavailable');
});

test('one slow call does not end the others on the same connection', async () => {
  const slow = offering(async (_, { key }) => {
    await new Promise((resolve) => setTimeout(resolve, key === 'slow' ? 2000 : 600));
    return { answer: ANSWER, replayed: false };
  });
  const { client } = await clientOf(newServer([slow]));
  const [late, ...rest] = await Promise.all([failureOf(ask(client, 'slow', 300)), ask(client, 'a'), ask(client, 'b')]);
  expect([late.failure.type, rest.map(({ answer }) => answer)]).toEqual(['ToolUnavailable', [ANSWER, ANSWER]]);
});

test('an effect without a key is refused', async () => {
  const { settings, stop } = await startToolWorld();
  const database = await openDatabase(settings);
  stops.push(stop, () => database.destroy());
  const keyless = offer(
    postNotification,
    { kind: 'here', act: () => Promise.reject(new Failed(fail('InternalError', 'acted'))) },
    { ledger: createLedger(database), now: Date.now },
  );
  const call = keyless.run(SAMPLES['notifications.post'].call(''), { signal: AbortSignal.timeout(PATIENCE_MS) });
  expect((await failureOf(call)).failure.type).toBe('ToolRejected');
});
