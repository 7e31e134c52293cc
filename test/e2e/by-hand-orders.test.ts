import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Said, signAnswer } from '../../client/answering.ts';
import { sendAnswer } from '../../client/send-answer.ts';
import type { AnswerInput, OpenRequest } from '../../contracts/messages.ts';
import { openAnswerSigner } from '../../keys/answers.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { answerKeys } from '../support/answer-keys.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';
import { openRequest, status } from '../support/spine.ts';

type Values = Record<string, unknown>;

const keys = answerKeys();
const signer = openAnswerSigner(keys.signing);

/** Real processes, and an order of 12 desks that a manager and then its customer have to agree to. */
describe('with the Temporal CLI and without a key, no order above the limit is made (BA-87)', () => {
  let rig: Rig;
  const tokens: string[] = [];
  const start = (requestId: string): Promise<WorkflowHandle> =>
    rig.client.workflow.start('placeOrder', {
      taskQueue: 'governor',
      workflowId: requestId,
      args: [{ ...(exampleInput('order-high-value', 'orders') as Values), requestId }],
    });
  /** Orders beside those that the shop begins with. */
  let before = 0;
  const orders = async () => (await rig.counts()).orders.length - before;
  const sign = async (handle: WorkflowHandle, request: OpenRequest, by: string, said: Said): Promise<AnswerInput> => {
    const { people } = await new PromptFiles('prompts').directory();
    return signAnswer(signer, people, by, handle.workflowId, request, said);
  };
  /** What the program says, whether it succeeds or not. */
  const temporal = async (...args: string[]): Promise<string> => {
    const run = promisify(execFile)(inject('temporalProgram') || 'temporal', [...args, '--address', rig.address]);
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
    return `${stdout}${stderr}`;
  };
  const signal = (workflowId: string, answer: object): Promise<string> =>
    temporal('workflow', 'signal', '--workflow-id', workflowId, '--name', 'answer', '--input', JSON.stringify(answer));

  beforeAll(async () => {
    const settings = { ANSWER_KEYS_FILE: keys.public };
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath'), settings });
    await rig.startWorker();
    before = await orders();
  });
  afterAll(() => rig?.stop());

  it('by workflow signal: neither the manager nor the customer is heard in it', async () => {
    const handle = await start('cli-1');
    const answers: readonly (readonly [by: string, verdict: 'go-on' | 'approve'])[] = [
      ['darius.wren', 'go-on'],
      ['cus-2001', 'approve'],
    ];
    const seen: string[] = [];
    for (const [by, verdict] of answers) {
      const request = await openRequest(handle, seen);
      seen.push(request.approval);
      const good = await sign(handle, request, by, { verdict });
      const { token = '', ...unsigned } = good;
      const [head, body, signature = ''] = token.split('.');
      const stolen = tokens.map((other) => ({ ...unsigned, token: other }));
      const forged = { ...unsigned, token: `${head}.${body}.${signature.slice(0, -4)}AAAA` };
      for (const each of [unsigned, forged, ...stolen])
        expect(await signal('cli-1', each)).toMatch(/Signal workflow succeeded/);
      expect((await status(handle)).waiting).toMatchObject([{ approval: request.approval, digest: request.digest }]);
      expect(await orders()).toBe(0);
      tokens.push(token);
      expect(await sendAnswer(handle, good)).toMatchObject({ accepted: true });
    }
    expect(await handle.result()).toMatchObject({ outcome: 'created' });
    expect(await orders()).toBe(1);
  });

  it('by activity complete: a price that nobody quoted spares the manager, and buys nothing', async () => {
    const held = rig.tools.before.hold(({ tool }) => tool === 'pricing.quote');
    const handle = await start('cli-2');
    await held.reached;
    const pending = (await handle.describe()).raw.pendingActivities?.[0];
    const lines = [{ sku: 'DESK-160', quantity: 12, unitMinor: 100, lineMinor: 1200 }];
    const sums = { coupon: 'none', discountMinor: 0, deliveryMinor: 0, taxMinor: 0, totalMinor: 1200 };
    const validUntil = new Date(Date.now() + 3_600_000).toISOString();
    const offer = { quoteId: 'Q-by-hand', customerId: 'cus-2001', currency: 'EUR', lines, ...sums, validUntil };
    const result = {
      outcome: 'done',
      calls: [],
      verdict: { kind: 'allowed', rule: 'approved' },
      made: { confidence: 1, reasoning: 'by hand', model: 'none', call: {}, callDigest: '0'.repeat(64) },
      answer: { requestId: 'cli-2', state: 'quoted', offer },
      actMs: 1,
    };
    const ids = ['--workflow-id', 'cli-2', '--activity-id', String(pending?.activityId)];
    await temporal('activity', 'complete', ...ids, '--result', JSON.stringify(result));
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'confirmation', role: 'customer', amount: { minor: 1200 } });
    const yes = await sign(handle, request, 'cus-2001', { verdict: 'approve' });
    expect(await sendAnswer(handle, yes)).toMatchObject({ accepted: true });
    const next = await openRequest(handle, [request.approval]);
    expect(next).toMatchObject({ kind: 'exception', asks: expect.stringContaining('ToolRejected') });
    expect(await orders()).toBe(1);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    held.release();
  });

  it('by activity start: an agent acts for a case only, whatever tokens it is shown', async () => {
    const { events } = await rig.client.workflow.getHandle('cli-1').fetchHistory();
    const scheduled = events?.find(
      ({ activityTaskScheduledEventAttributes: event }) => event?.activityType?.name === 'createOrder',
    )?.activityTaskScheduledEventAttributes?.input?.payloads?.[0]?.data;
    const order = JSON.parse(Buffer.from(scheduled ?? []).toString()) as Values;
    expect(JSON.stringify(order)).toContain(tokens[0]);
    const input = { ...(order['input'] as Values), requestId: 'cli-3' };
    const tries = [order, { ...order, approvals: [] }, { ...order, key: 'cli-3', input }];
    for (const [number, each] of tries.entries()) {
      const id = ['--activity-id', `started-${number}`, '--type', 'createOrder', '--task-queue', 'governor'];
      const limits = ['--start-to-close-timeout', '20s', '--retry-maximum-attempts', '1'];
      const said = await temporal('activity', 'execute', ...id, ...limits, '--input', JSON.stringify(each));
      expect(said).toMatch(/acts for a case, and this is none/);
    }
    expect(await orders()).toBe(1);
  });
});
