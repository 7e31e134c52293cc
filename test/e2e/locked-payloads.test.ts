import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CaseRun, createGovernor, type Governor } from '../../client/index.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { OnboardingRequest } from '../../contracts/onboarding.ts';
import { buildBundle } from '../../workers/bundle.ts';
import { dataConverterOf } from '../../workers/payloads/converter.ts';
import { replayOn } from '../../workers/replay.ts';
import { type Rig, type RigWorker, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';

const ONE = randomBytes(32).toString('base64');
const TWO = randomBytes(32).toString('base64');
/** In the customer's words, the document, what agents found out, the failure's message, and a request. */
const PLAIN = [
  'Tolliver',
  'Bluefinch',
  '553901276',
  'bluefinch.example',
  'Hesketh',
  'confidence',
  'reasoning',
  'deadline of the case',
];

/** Whole examples under real processes, with payloads that the server cannot read. */
describe('an installation with payload keys', () => {
  let folder: string;
  let keysFile: string;
  let rig: Rig;
  let worker: RigWorker;
  let client: Client;
  let governor: Governor;
  let bundlePath: string;
  const write = (encode: string, keys: Record<string, string>, lost: string[] = []) =>
    writeFile(keysFile, JSON.stringify({ encode, keys, lost }));
  const converter = () => dataConverterOf({ payloads: { keysFile } });
  const clientWith = (dataConverter: ReturnType<typeof converter>) =>
    new Client({ connection: rig.client.connection, ...(dataConverter ? { dataConverter } : {}) });
  const run = async (example: string, requestId = `onb-${example}`) => {
    const input = { ...OnboardingRequest.parse(exampleInput(example)), requestId };
    return governor.start('onboardCustomer', input, requestId);
  };
  const goOn = (asking: CaseRun, { approval, digest }: OpenRequest) =>
    governor.answer(asking, { approval, digest, verdict: 'go-on', by: 'ines.halvorsen' });
  const rawHistory = (workflowId: string) => rig.client.workflow.getHandle(workflowId).fetchHistory();
  const replay = async (ids: readonly string[], dataConverter = converter()) => {
    const histories = await Promise.all(ids.map(async (id) => ({ workflowId: id, history: await rawHistory(id) })));
    const results: { name: string; differs?: string }[] = [];
    for await (const one of replayOn(bundlePath, histories, undefined, dataConverter)) results.push(one);
    return results;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'governor-keys-'));
    keysFile = join(folder, 'payload-keys.json');
    await write('one', { one: ONE });
    bundlePath = await buildBundle('.governor', converter());
    rig = await startRig({ ...rigServer(), bundlePath, settings: { PAYLOAD_KEYS_FILE: keysFile } });
    worker = await rig.startWorker();
    client = clientWith(converter());
    governor = createGovernor(client);
  });
  afterAll(async () => {
    await rig?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('keeps nothing that anybody wrote or found out in clear in a history, and reads it all the same', async () => {
    const done = await run('clean');
    expect(await governor.result(done)).toMatchObject({ outcome: 'onboarded' });
    const words = wordsIn(await rawHistory(done.workflowId));
    expect(words).toContain('one.');
    for (const plain of PLAIN) expect(words).not.toContain(plain);
    const { steps, input, modelCalls } = await governor.history(done);
    expect(input).toMatchObject({ document: expect.stringContaining('553901276') });
    expect([steps.length, modelCalls]).toEqual([8, 8]);
    expect((await governor.status(done))?.outcome).toBe('onboarded');
  });

  it('keeps the words of a failure to itself, its stack too, and tells them to who has the keys', async () => {
    const failed = await run('wrong-subject');
    const { failureType, message = '' } = await governor.result(failed);
    expect(failureType).toBe('WrongSubject');
    expect(message).toMatch(/^Identity verification/);
    const words = wordsIn(await rawHistory(failed.workflowId));
    expect(words).toContain('The words of this failure are encrypted.');
    for (const plain of [message, 'Orlebar', '604417239', 'file:', 'leftBehind']) expect(words).not.toContain(plain);
  });

  it('keeps a request for a person to itself, in the memo and in what the Web UI shows of a run', async () => {
    const asking = await run('watch-list');
    const request = await untilAsked(governor, asking);
    const described = await rig.client.workflowService.describeWorkflowExecution({
      namespace: 'default',
      execution: asking,
    });
    expect(wordsIn(described)).not.toContain(request.asks);
    expect(wordsIn(described.workflowExecutionInfo?.memo)).toContain('binary/encrypted');
    const ours = await client.workflow.getHandle(asking.workflowId).describe();
    expect(JSON.stringify(ours.memo)).toContain(request.approval);
    const details = await client.workflow.getHandle(asking.workflowId).query('__temporal_workflow_metadata');
    expect(JSON.stringify(details)).toContain('currentDetails');
    expect(await goOn(asking, request)).toMatchObject({ accepted: true });
    expect(await governor.result(asking)).toMatchObject({ outcome: 'onboarded' });
  });

  it('reads all histories after a rotation that no process was restarted for, and replays them', async () => {
    await write('two', { one: ONE, two: TWO });
    await wait(1100);
    const later = await run('clean-german');
    expect(await governor.result(later)).toMatchObject({ outcome: 'onboarded' });
    const ids = ['onb-clean', 'onb-wrong-subject', 'onb-watch-list', later.workflowId];
    expect(wordsIn(await rawHistory(later.workflowId))).toContain('two.');
    expect(await replay(ids)).toEqual(ids.map((name) => ({ name })));
    for (const workflowId of ids) {
      const { steps } = await governor.history({ workflowId, runId: '' });
      expect(steps.length, workflowId).toBeGreaterThan(1);
    }
  });

  it('says which key is missing where the wrong ones are set up, and takes nothing unread for nothing', async () => {
    const wrong = join(folder, 'wrong.json');
    await writeFile(wrong, JSON.stringify({ encode: 'one', keys: { one: TWO } }));
    const theirs = dataConverterOf({ payloads: { keysFile: wrong } });
    const missing = /was written with the key one\.[0-9a-f]{8}, and .*wrong\.json holds one\.[0-9a-f]{8}/;
    const handle = clientWith(theirs).workflow.getHandle('onb-clean');
    await expect(handle.result()).rejects.toThrow(missing);
    const [replayed] = await replay(['onb-clean'], theirs);
    expect(replayed?.differs).toBeDefined();
  });

  it('goes on from a locked checkpoint when a worker is killed: the model is asked once', async () => {
    const calling = rig.tools.before.hold(({ tool }) => tool === 'accounts.create');
    const cut = await run('clean-french');
    await calling.reached;
    const { raw } = await rig.client.workflow.getHandle(cut.workflowId).describe();
    expect(wordsIn(raw.pendingActivities?.[0]?.heartbeatDetails)).toMatch(/binary\/encrypted/);
    await worker.stop('SIGKILL');
    await rig.startWorker();
    expect(await governor.result(cut)).toMatchObject({ outcome: 'onboarded' });
    const { steps } = await governor.history(cut);
    const step = steps.find(({ agent }) => agent === 'createAccount');
    expect([step?.attempts, step?.paidCalls.length]).toEqual([2, 1]);
  });

  it('goes on where somebody sends what does not open, and where its key is one that nobody has once that is said', async () => {
    const asking = await run('watch-list', 'onb-forged');
    const request = await untilAsked(governor, asking);
    const [real = ''] = /one\.[0-9a-f]{8}/.exec(wordsIn(await rawHistory('onb-clean'))) ?? [];
    await forge(rig.client, asking.workflowId, real);
    expect((await untilAsked(governor, asking)).approval).toBe(request.approval);
    await forge(rig.client, asking.workflowId, 'ghost.00000000');
    await wait(1500);
    expect(await governor.status(asking)).toBeUndefined();
    await write('two', { one: ONE, two: TWO }, ['ghost.00000000']);
    // The server does not ask at once again where a task has failed.
    await vi.waitFor(async () => expect(await goOn(asking, request)).toMatchObject({ accepted: true }), 30_000);
    expect(await governor.result(asking)).toMatchObject({ outcome: 'onboarded' });
  });
});

/** A signal that looks like one of ours, with bytes that are not. */
const forge = (client: Client, workflowId: string, keyId: string) =>
  client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    signalName: 'answer',
    input: {
      payloads: [
        {
          metadata: { encoding: Buffer.from('binary/encrypted'), 'encryption-key-id': Buffer.from(keyId) },
          data: randomBytes(60),
        },
      ],
    },
  });

async function untilAsked(governor: Governor, run: CaseRun) {
  for (let tries = 0; tries < 200; tries++) {
    const request = (await governor.status(run))?.waiting[0];
    if (request) return request;
    await wait(100);
  }
  throw new Error('nobody was asked');
}

/** All that a reader of the server's database could read: every text, and every byte that is one. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (typeof value !== 'object' || value === null) return '';
  if (ArrayBuffer.isView(value))
    return `${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')}\n`;
  return Object.entries(value)
    .map(([name, part]) => `${name}\n${wordsIn(part)}`)
    .join('');
}
