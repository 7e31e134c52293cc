import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { signAnswer } from '../../client/answering.ts';
import type { AnswerInput, AnswerReply, CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { openAnswerSigner } from '../../keys/answers.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { answerKeys } from '../support/answer-keys.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';

type Values = Record<string, unknown>;

// What the forger's worker complains of is what this is about.
Runtime.install({ logger: new DefaultLogger('ERROR') });

const keys = answerKeys();
const ours = openAnswerSigner(keys.signing);
const stranger = openAnswerSigner(answerKeys().signing);
const YES = { verdict: 'go-on', reason: 'agreed in the yearly plan' } as const;

/** A worker of somebody who has the namespace and nothing else. */
async function startForger(address: string) {
  const connection = await NativeConnection.connect({ address });
  const workflowsPath = fileURLToPath(new URL('../support/forged-case.ts', import.meta.url));
  const worker = await Worker.create({ connection, taskQueue: 'forgers', workflowsPath });
  const running = worker.run();
  const stop = async (): Promise<void> => {
    worker.shutdown();
    await running;
    await connection.close();
  };
  return { stop };
}

/** Real processes, an expense of 4,200.00 that a manager has to agree to, and somebody who can reach Temporal. */
describe('whoever reaches Temporal and holds no key moves nothing (BA-87)', () => {
  let rig: Rig;
  let forger: { stop(): Promise<void> };
  const start = (requestId: string, name = 'manager', change: Values = {}): Promise<WorkflowHandle> =>
    rig.client.workflow.start('approveExpense', {
      taskQueue: 'governor',
      workflowId: requestId,
      args: [{ ...(exampleInput(name, 'expenses') as Values), requestId, ...change }],
    });
  const requestOf = (handle: WorkflowHandle): Promise<OpenRequest> =>
    vi.waitFor(
      async () => {
        const [request] = (await handle.query<CaseStatus>('status')).waiting;
        if (!request) throw new Error('Nobody is asked yet.');
        return request;
      },
      { timeout: 30_000, interval: 200 },
    );
  /** Like no other claim, so that no rule decides about it. */
  const course = (employee: string, merchant: string): Values => ({
    employee,
    lines: (exampleInput('manager', 'expenses') as { lines: Values[] }).lines.map(({ receipt: _none, ...line }) => ({
      ...line,
      merchant,
    })),
  });
  const paid = async () => (await rig.counts()).exports.map(({ requestId }) => requestId);
  const answered = async (handle: WorkflowHandle, request: OpenRequest, signer = ours, by = 'darius.wren') => {
    const { people } = await new PromptFiles('prompts').directory();
    return signAnswer(signer, people, by, handle.workflowId, request, YES);
  };
  const update = (handle: WorkflowHandle, answer: AnswerInput): Promise<AnswerReply> =>
    handle
      .executeUpdate<AnswerReply, [AnswerInput]>('answer', { args: [answer] })
      .catch((error: { cause?: Error }) => ({ accepted: false, why: error.cause?.message ?? 'refused' }));

  beforeAll(async () => {
    const settings = { ANSWER_KEYS_FILE: keys.public };
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath'), settings });
    await rig.startWorker();
    forger = await startForger(rig.address);
  });
  afterAll(async () => {
    await forger?.stop();
    await rig?.stop();
  });

  it('by workflow signal or update, with no token, a forged one, or one for another case', async () => {
    const [handle, other] = [
      await start('hand-1'),
      await start('hand-2', 'manager', course('tom.frost', 'Harbour School')),
    ];
    const [request, elsewhere] = [await requestOf(handle), await requestOf(other)];
    const good = await answered(handle, request);
    const { token: _token, ...unsigned } = good;
    const tries: AnswerInput[] = [
      unsigned,
      { ...good, token: 'eyJhbGciOiJub25lIn0.e30.' },
      await answered(handle, request, stranger),
      { ...good, token: (await answered(other, elsewhere)).token ?? '' },
      { ...good, by: 'ruth.achterberg' },
      { ...good, reason: 'another reason' },
      { ...good, verdict: 'reject' },
    ];
    for (const each of tries) {
      expect(await update(handle, each)).toMatchObject({ accepted: false, why: expect.any(String) });
      await handle.signal('answer', each);
    }
    expect(await requestOf(handle)).toMatchObject({ approval: request.approval, digest: request.digest });
    expect(await paid()).toEqual([]);

    expect(await update(handle, good)).toMatchObject({ accepted: true });
    expect(await handle.result()).toMatchObject({ outcome: 'reimbursed', totalMinor: 420_000 });
    expect(await paid()).toEqual(['hand-1']);
    await other.cancel();
    // Decisions say that it was signed; the token itself is for tools, and in no record.
    const decisions = await readFile(join(rig.stateDir, 'decisions.jsonl'), 'utf8');
    const status = JSON.stringify(await handle.query('status'));
    expect(decisions).toContain('hand-1');
    for (const record of [decisions, status]) expect(record).not.toContain(good.token);
  });

  it('by activity complete: what an agent is said to have found spares no person', async () => {
    const held = rig.tools.before.hold(({ tool }) => tool === 'expenses.check_policy');
    const handle = await start('hand-3', 'manager', course('uma.reyes', 'Northern College'));
    await held.reached;
    const pending = (await handle.describe()).raw.pendingActivities?.[0];
    const lines = [{ lineId: 'course', category: 'training', verdict: 'inside', findings: [] }];
    const result = {
      outcome: 'done',
      calls: [],
      verdict: { kind: 'allowed', rule: 'approved' },
      made: { confidence: 1, reasoning: 'by hand', model: 'none', call: {}, callDigest: '0'.repeat(64) },
      answer: { requestId: 'hand-3', lines },
      actMs: 1,
    };
    const activityId = pending?.activityId ?? '';
    await rig.client.activity.complete({ workflowId: 'hand-3', runId: '', activityId }, result);
    expect(await requestOf(handle)).toMatchObject({ role: 'manager', amount: { minor: 420_000, currency: 'USD' } });
    expect(await paid()).not.toContain('hand-3');
    await handle.cancel();
  });

  describe('by an order for a payment that no case has given', () => {
    let orders: Values[];
    let before: string[];

    beforeAll(async () => {
      const small = await start('hand-4', 'clean');
      expect(await small.result()).toMatchObject({ outcome: 'reimbursed', tier: 'automatic' });
      const [order, token] = [await orderOf(small, 'reimburseExpense'), await tokenOf('hand-1')];
      const at = new Date().toISOString();
      const said = { approval: 'line-course-1', verdict: 'go-on', by: 'darius.wren', role: 'manager', at };
      const answer = { ...said, digest: '0'.repeat(64), identity: 'signed', via: 'update' };
      orders = [{}, { approvals: [answer] }, { approvals: [{ ...answer, token }] }].map((change, number) => ({
        ...enlarged(order, `by-hand-${number}`),
        ...change,
      }));
      before = await paid();
    });

    it('started as an activity: it acts for a case only', async () => {
      for (const order of orders) expect(await startActivity(order)).toMatch(/acts for a case, and this is none/);
      expect(await paid()).toEqual(before);
    });

    it('started by a workflow of their own: the tools want people’s signatures', async () => {
      const types = await Promise.all(orders.map(runForgedCase));
      expect(types).toEqual(['ApprovalMissing', 'SealBroken', 'SealBroken']);
      expect(await paid()).toEqual(before);
    });
  });

  /** The same payment, of 4,200.00. */
  function enlarged(order: Values, requestId: string): Values {
    const input = order['input'] as { lines: Values[] } & Values;
    const lines = input.lines.map((line) => ({ ...line, homeMinor: 420_000 }));
    return { ...order, key: requestId, input: { ...input, requestId, totalMinor: 420_000, lines } };
  }

  /** The type of the failure that it ends with. */
  async function runForgedCase(order: Values): Promise<string> {
    const workflowId = `forged-${order['key']}`;
    const options = { taskQueue: 'forgers', workflowId, args: [order] };
    const error = await rig.client.workflow.execute('forgedCase', options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const cause = error instanceof WorkflowFailedError ? error.cause?.cause : undefined;
    return cause instanceof ApplicationFailure ? String(cause.type) : `no failure of ours: ${error}`;
  }

  /** What a workflow has handed to an agent. */
  async function orderOf(handle: WorkflowHandle, agent: string): Promise<Values> {
    const { events } = await handle.fetchHistory();
    const scheduled = events
      ?.map(({ activityTaskScheduledEventAttributes: attributes }) => attributes)
      .find((attributes) => attributes?.activityType?.name === agent);
    const [payload] = scheduled?.input?.payloads ?? [];
    if (!payload) throw new Error(`${agent} was never run.`);
    return defaultPayloadConverter.fromPayload<Values>(payload);
  }

  /** A token that was good, as anybody can read it in a history. */
  async function tokenOf(workflowId: string): Promise<string> {
    const history = JSON.stringify(await orderOf(rig.client.workflow.getHandle(workflowId), 'reimburseExpense'));
    const [token] = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(history) ?? [];
    if (!token) throw new Error('There is no token in that order.');
    return token;
  }

  /** What the Temporal CLI says of an activity that was started by hand. */
  async function startActivity(order: Values): Promise<string> {
    const program = inject('temporalProgram') ?? 'temporal';
    const id = ['--activity-id', `started-${order['key']}`, '--type', 'reimburseExpense', '--task-queue', 'governor'];
    const limits = ['--start-to-close-timeout', '20s', '--retry-maximum-attempts', '1'];
    const rest = ['--input', JSON.stringify(order), '--address', rig.address, '--output', 'json'];
    const said = await promisify(execFile)(program, ['activity', 'execute', ...id, ...limits, ...rest]).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    return `${said.stdout}${said.stderr}`;
  }
});
