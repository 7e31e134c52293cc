import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOfText } from '../../contracts/digest.ts';
import type { Tool } from '../../contracts/tool.ts';
import { type ToolName, tools } from '../../contracts/tools/index.ts';
import { countEffects } from '../../outside/counts.ts';
import { openDatabase } from '../../tools/database.ts';
import { startPostgres } from '../support/postgres.ts';
import { type Caller, directly, failureOf, overHttp, overStdio } from '../support/tool-callers.ts';
import { SAMPLES } from '../support/tool-calls.ts';
import { startToolWorld, type ToolWorld } from '../support/tool-world.ts';

const NAMES = Object.keys(tools) as ToolName[];
const contractOf = (name: ToolName): Tool => ({ ...tools[name], guarded: tools[name].guarded, outgoing: [] });

const onSqlite = async () => ({ settings: {}, stop: async () => undefined });

async function onPostgres() {
  const { url, stop } = await startPostgres();
  return { settings: { databaseUrl: url }, stop };
}

const WAYS = [
  ['directly', directly, onSqlite],
  ['directly, on Postgres', directly, onPostgres],
  ['over stdio', overStdio, onSqlite],
  ['over HTTP', overHttp, onSqlite],
] as const;

describe.each(WAYS)('the tools, called %s', (_way, start, store) => {
  let database: Awaited<ReturnType<typeof store>>;
  let toolWorld: ToolWorld;
  let caller: Caller;
  let documentId = '';

  const call = (name: ToolName, args: Record<string, unknown>, key: string) =>
    caller.call(name, contractOf(name), args, key);
  const sample = (name: ToolName) => SAMPLES[name].call(documentId);

  beforeAll(async () => {
    database = await store();
    toolWorld = await startToolWorld([], database.settings);
    caller = await start(toolWorld);
    const kit = await call('documents.generate', SAMPLES['documents.generate'].call(''), 'kit');
    documentId = String(kit.answer['documentId']);
  });
  afterAll(async () => {
    await caller.stop();
    await toolWorld.stop();
    await database.stop();
  });

  test.each(NAMES)('%s answers what its contract promises (PF-40, TF-48)', async (name) => {
    const { answer, replayed } = await call(name, sample(name), `first:${name}`);
    expect(tools[name].output.parse(answer)).toEqual(answer);
    expect(answer).toMatchObject(SAMPLES[name].says);
    expect(replayed).toBe(false);
  });

  test.each(NAMES)(
    '%s gives the first answer when it is asked again under the same key (PF-39, PF-43)',
    async (name) => {
      const first = await call(name, sample(name), `first:${name}`);
      expect(first.replayed).toBe(true);
      const { inOtherWords } = SAMPLES[name];
      const again = await call(name, { ...sample(name), ...inOtherWords }, `first:${name}`);
      expect(again).toMatchObject({ answer: first.answer, replayed: true });
      if (inOtherWords) expect(again).toMatchObject({ call: sample(name) });
    },
  );

  test.each(NAMES)('%s refuses a key that belongs to other guarded arguments (PF-39)', async (name) => {
    const { failure } = await failureOf(
      call(name, { ...sample(name), ...SAMPLES[name].otherGuarded }, `first:${name}`),
    );
    expect(failure.type).toBe('KeyReused');
  });

  test.each(NAMES)('%s refuses arguments that its contract does not have (TF-47)', async (name) => {
    const extra = await failureOf(call(name, { ...sample(name), bcc: 'eve@evil.example' }, `extra:${name}`));
    expect(extra.failure.type).toBe('ToolRejected');
    const nothing = await failureOf(call(name, {}, `nothing:${name}`));
    expect(nothing.failure).toMatchObject({
      type: 'ToolRejected',
      details: { fields: expect.arrayContaining([expect.any(String)]) },
    });
    expect(JSON.stringify(extra.failure)).not.toContain('evil');
  });

  test('each effect is there once, and nothing else is (PF-41)', async () => {
    const found = await countEffects(toolWorld.settings);
    expect(found.accounts.map(({ requestId, state }) => [requestId, state])).toEqual([
      ['req-1', 'open'],
      ['req-9', 'never-opened'],
    ]);
    expect(found.documents).toHaveLength(1);
    expect(found.mails.map(({ key }) => key)).toEqual(['first:email.send']);
    expect(found.notices.map(({ key }) => key)).toEqual(['first:notifications.mail']);
    expect(found.meetings.map(({ key }) => key)).toEqual(['first:calendar.book']);
    expect(found.notifications.map(({ key }) => key)).toEqual([
      'first:notifications.post',
      'first:documents.notify_stakeholders',
    ]);
    expect(found.audit.map(({ key }) => key)).toEqual(['first:audit.append']);
    expect(found.escalations.map(({ key }) => key)).toEqual(['first:escalations.open']);
    expect(found.exports.map(({ key, requestId }) => [key, requestId])).toEqual([
      ['first:expenses.reimburse', 'exp-1'],
    ]);
    expect(found.repeatedDeliveries).toBe(0);
  });
});

test('a customer who changes in the middle of a run is the same to that run, and another to the next (PF-43)', async () => {
  const toolWorld = await startToolWorld();
  const caller = await directly(toolWorld);
  const look = (key: string) =>
    caller.call('crm.lookup_customer', contractOf('crm.lookup_customer'), SAMPLES['crm.lookup_customer'].call(''), key);
  const before = await look('run-1');
  const database = await openDatabase(toolWorld.settings);
  await database
    .updateTable('customers')
    .set({ email: 'new@engines.example' })
    .where('customerId', '=', 'cus-ada')
    .execute();
  expect((await look('run-1')).answer).toEqual(before.answer);
  expect((await look('run-2')).answer).toMatchObject({ customer: { email: 'new@engines.example' } });
  await database.destroy();
  await caller.stop();
  await toolWorld.stop();
});

test('what is read of a customer is the same twice in one run though it changed between, and a new run sees the change (PF-43)', async () => {
  const toolWorld = await startToolWorld();
  const caller = await directly(toolWorld);
  const before = Date.now();
  const read = async (run: string) => {
    const args = { customer_id: 'cus-ada' };
    const key = `${run}:getCustomerData:cus-ada`;
    return (await caller.call('crm.get_customer_data', contractOf('crm.get_customer_data'), args, key)).answer;
  };
  const first = await read('run-1');
  const database = await openDatabase(toolWorld.settings);
  const poorer = { creditLimitMinor: 1, status: 'closed' };
  await database.updateTable('terms').set(poorer).where('customerId', '=', 'cus-ada').execute();
  expect(await read('run-1')).toEqual(first);
  const second = await read('run-2');
  expect([first, second]).toMatchObject([
    { terms: { creditLimitMinor: 500_000, status: 'active' } },
    { terms: poorer },
  ]);
  const [earlier, later] = [first, second].map(({ readAt }) => Date.parse(String(readAt)));
  expect(earlier).toBeGreaterThanOrEqual(before);
  expect(later).toBeGreaterThanOrEqual(earlier ?? 0);
  await database.destroy();
  await caller.stop();
  await toolWorld.stop();
});

test('a key of any words reaches every far side in one piece, and once (PF-39)', async () => {
  const toolWorld = await startToolWorld();
  const caller = await directly(toolWorld);
  const key = `case of Żółć, "quoted"\r\nBcc: eve@evil.example:${'x'.repeat(900)}`;
  const call = (name: ToolName, args: Record<string, unknown>) =>
    caller.call(name, contractOf(name), args, `${key}:${name}`);
  const kit = await call('documents.generate', SAMPLES['documents.generate'].call(''));
  const args = (name: ToolName) => SAMPLES[name].call(String(kit.answer['documentId']));
  const names = ['email.send', 'notifications.mail', 'calendar.book', 'notifications.post'] as const;
  for (const name of names) {
    await call(name, args(name));
    expect((await call(name, args(name))).replayed).toBe(true);
  }
  const { mails, notices, meetings, notifications } = await countEffects(toolWorld.settings);
  const keys = [mails, notices, meetings, notifications].map((found) => found.map((effect) => effect.key));
  const digests = names.map((name) => [digestOfText(`${key}:${name}`)]);
  expect(keys).toEqual(digests);
  await caller.stop();
  await toolWorld.stop();
});

test('an effect that was called directly is the same effect over MCP, and the other way round (PF-42)', async () => {
  const toolWorld = await startToolWorld();
  const plain = await directly(toolWorld);
  const served = await overHttp(toolWorld);
  const create = {
    name: 'accounts.create' as const,
    tool: contractOf('accounts.create'),
    args: SAMPLES['accounts.create'].call(''),
  };
  const first = await plain.call(create.name, create.tool, create.args, 'one');
  expect(await served.call(create.name, create.tool, create.args, 'one')).toMatchObject({
    answer: first.answer,
    replayed: true,
  });
  const book = {
    name: 'calendar.book' as const,
    tool: contractOf('calendar.book'),
    args: SAMPLES['calendar.book'].call(''),
  };
  const second = await served.call(book.name, book.tool, book.args, 'two');
  expect(await plain.call(book.name, book.tool, book.args, 'two')).toMatchObject({
    answer: second.answer,
    replayed: true,
  });
  await Promise.all([plain.stop(), served.stop()]);
  await toolWorld.stop();
});
