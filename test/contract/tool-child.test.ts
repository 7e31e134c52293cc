import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createToolClient, type ToolClient } from '../../activities/tool-client.ts';
import { IDEMPOTENCY_KEY, type Tool } from '../../contracts/tool.ts';
import { openEscalation } from '../../contracts/tools/escalations.ts';
import { failureOf } from '../support/tool-callers.ts';
import { SAMPLES } from '../support/tool-calls.ts';
import { startToolWorld } from '../support/tool-world.ts';

const TOOL: Tool = { ...openEscalation, guarded: openEscalation.guarded, outgoing: [] };
const CALL_ARGS = SAMPLES['escalations.open'].call('');
const ANSWER = { escalationId: 'esc-1', queue: 'identity-ops' };
const PATIENCE_MS = 5000;

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const ask = (client: ToolClient, key = 'k') =>
  client.call(TOOL, CALL_ARGS, { key, signal: AbortSignal.timeout(PATIENCE_MS), timeoutMs: PATIENCE_MS });

/** A child that speaks MCP by the given source text, which may use `reply(id, result)` and `message`. */
async function childOf(source: string) {
  const { stateDir, stop } = await startToolWorld();
  const file = join(stateDir, 'child.mjs');
  const frame = `
    import { createInterface } from 'node:readline';
    const say = (text) => process.stdout.write(text + '\\n');
    const reply = (id, result) => say(JSON.stringify({ jsonrpc: '2.0', id, result }));
    createInterface({ input: process.stdin }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.method === 'initialize')
        return reply(message.id, { protocolVersion: message.params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'child', version: '1' } });
      if (message.method === 'server/discover') return say(JSON.stringify({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'Method not found' } }));
      if (message.method !== 'tools/call') return;
      ${source}
    });`;
  await writeFile(file, frame);
  const client = createToolClient({ command: process.execPath, args: [file] });
  stops.push(stop, () => client.close());
  return client;
}

describe('a stdio child', () => {
  test('that answers with too many bytes is not heard out, and lives on', async () => {
    const client = await childOf(`
      const text = message.params._meta['${IDEMPOTENCY_KEY}'] === 'big' ? 'x'.repeat(3_000_000) : '${JSON.stringify(ANSWER)}';
      reply(message.id, { content: [{ type: 'text', text }], _meta: { pid: process.pid } });`);
    const [big, small] = await Promise.all([failureOf(ask(client, 'big')), ask(client, 'small')]);
    expect([big.failure.type, small.answer]).toEqual(['AnswerTooLarge', ANSWER]);
    expect((await ask(client, 'later')).answer).toEqual(ANSWER);
  });

  test('has an empty environment', async () => {
    const client = await childOf(
      `reply(message.id, { structuredContent: { escalationId: JSON.stringify(Object.keys(process.env)), queue: 'identity-ops' }, content: [] });`,
    );
    expect((await ask(client)).answer).toMatchObject({ escalationId: '[]' });
  });

  test('that dies is replaced, and the call is made again', async () => {
    const client = await childOf(`
      if (message.params._meta['${IDEMPOTENCY_KEY}'] === 'die' && process.uptime() > 0.5) process.kill(process.pid, 'SIGKILL');
      reply(message.id, { structuredContent: ${JSON.stringify(ANSWER)}, content: [] });`);
    await ask(client);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await ask(client, 'die')).answer).toEqual(ANSWER);
    expect((await ask(client)).answer).toEqual(ANSWER);
  });

  test('that writes what is no message is not taken at its word', async () => {
    const client = await childOf(
      `say('Server started!'); say('{"jsonrpc":"2.0","id":999,"result":{}}'); reply(message.id, { structuredContent: ${JSON.stringify(ANSWER)}, content: [] });`,
    );
    expect((await ask(client)).answer).toEqual(ANSWER);
  });
});
