import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToolClient } from '../../activities/tool-client.ts';
import { tools as contracts } from '../../contracts/tools/index.ts';
import { retireAnswerKey, rotateAnswerKeys } from '../../keys/answer-files.ts';
import { openAnswerSigner } from '../../keys/answers.ts';
import { createTools } from '../../tools/catalogue.ts';
import { ForeignTools } from '../../tools/foreign/map.ts';
import { withForeignTools } from '../../tools/foreign/offered.ts';
import { toolsCommand } from '../../workers/tool-settings.ts';
import { STORES } from '../support/databases.ts';
import { type GatedTools, gatedTools, type Line, lineYes, reimbursement } from '../support/gated-tools.ts';
import { settingsFor } from '../support/shop-tools.ts';
import { failureOf } from '../support/tool-callers.ts';

const BIG: Line = { lineId: 'a', homeMinor: 50_000 };
let gated: GatedTools;

beforeAll(async () => {
  const [[, openStore] = []] = STORES;
  if (!openStore) throw new Error('There is no store.');
  gated = await gatedTools(await openStore());
});
afterAll(() => gated.stop());

describe('keys', () => {
  test('that are retired let nothing through any more, and new ones count without a restart', async () => {
    const call = reimbursement('exp-none', [BIG]);
    const before = openAnswerSigner(gated.keys.signing);
    const old = await gated.sign(lineYes('exp-none', BIG));
    const oldId = before.keyId;
    rotateAnswerKeys(gated.keys);
    retireAnswerKey(gated.keys, oldId);
    const refused = await gated.call('expenses.reimburse', call, [old]);
    expect(refused).toMatchObject({
      did: false,
      failure: { type: 'ApprovalMissing', details: { refusals: ['the token names a key that does not count here'] } },
    });
    const fresh = await gated.sign(lineYes('exp-none', BIG));
    // Past the gate the register finds no such report.
    expect(await gated.call('expenses.reimburse', call, [fresh])).toMatchObject({ failure: { type: 'ToolRejected' } });
  });

  test('come to a tool server in its settings, and yeses come with the call (BA-87)', async () => {
    const [[, openStore] = []] = STORES;
    if (!openStore) throw new Error('There is no store.');
    const store = await openStore();
    const tools = { ...settingsFor(store), answerKeys: gated.keys.public };
    const client = createToolClient(toolsCommand({ tools, http: { host: '127.0.0.1', port: 0 } }));
    const pay = (key: string, approvals?: string[]) =>
      client.call(contracts['expenses.reimburse'], reimbursement('exp-none', [BIG]), {
        key,
        signal: AbortSignal.timeout(10_000),
        timeoutMs: 10_000,
        approvals,
      });
    expect((await failureOf(pay('over-stdio'))).failure).toMatchObject({
      type: 'ApprovalMissing',
      details: { tool: 'expenses.reimburse', needed: 1, missing: 1, given: 0 },
    });
    const signed = await gated.sign(lineYes('exp-none', BIG));
    // Past the gate the register finds no such report.
    expect((await failureOf(pay('over-stdio', [signed]))).failure.type).toBe('ToolRejected');
    await client.close();
    await store.stop();
  });
});

test('a server of others that keeps a tool is asked only once people have said yes (BA-87)', async () => {
  const args = { requestId: 'ord-9', customerId: 'cus-ada', totalMinor: 900_000, currency: 'EUR' };
  const answer = { ...args, state: 'created', orderId: 'their-1', refundedMinor: 0 };
  const asked: unknown[] = [];
  const servers = {
    call: async ({ arguments: sent }: { arguments: unknown }) => {
      asked.push(sent);
      return { isError: false, data: answer, texts: [] };
    },
    close: async () => undefined,
  };
  const from = (names: string[]) => Object.fromEntries(names.map((name) => [name, { answer: name }]));
  const foreign = ForeignTools.parse({
    servers: { shop: { url: 'http://127.0.0.1:9/mcp' } },
    tools: {
      'orders.create': {
        server: 'shop',
        tool: 'make_order',
        arguments: { total: { argument: 'totalMinor' } },
        answer: from(Object.keys(answer)),
      },
    },
  });
  const settings = { foreign, outsideTimeoutMs: 1000, leaseMs: 1500, answerKeys: gated.keys.public };
  const offered = withForeignTools(
    createTools(gated.database, { ...settingsFor(gated.store), ...settings }),
    gated.database,
    settings,
    servers,
  );
  const order = { ...args, quoteId: 'q-1', shipTo: 'home', replaces: null, deliveryNote: '' };
  const run = (approvals: string[]) =>
    offered['orders.create'].run(order, { key: 'their-order', approvals, signal: AbortSignal.timeout(5000) });
  expect((await failureOf(run([]))).failure.type).toBe('ApprovalMissing');
  expect(asked).toEqual([]);
  const signed = await gated.sign({ verdict: 'go-on', grant: { tool: 'orders.create', args } });
  expect((await run([signed])).answer).toEqual(answer);
  expect(asked).toHaveLength(1);
});
