import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { addApprovalCommands } from '../../client/cli/approval-commands.ts';
import { addCaseCommands } from '../../client/cli/case-commands.ts';
import { type CaseDesk, openCaseDesk } from '../../client/cli/case-desk.ts';
import type { CommandGroup } from '../../client/cli/run.ts';
import { addStartCommand } from '../../client/cli/start-commands.ts';
import { openTemporalApprovals } from '../../client/cli/temporal-approvals.ts';
import { createGovernor } from '../../client/index.ts';
import { makeAnswerKeys } from '../../keys/answer-files.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { lookAtServer } from '../../workers/doctor/server.ts';
import { PLAN, says } from '../support/cases.ts';
import { type Spine, startSpine } from '../support/spine.ts';
import { typing } from '../support/typing.ts';

const folder = mkdtempSync(join(tmpdir(), 'governor-cli-'));
const files = { signing: join(folder, 'signing.json'), public: join(folder, 'keys.json') };
let spine: Spine;
let number = 0;
let caseId = '';

beforeAll(async () => {
  makeAnswerKeys(files);
  spine = await startSpine({ answers: openAnswerVerifier(files.public) });
});
afterAll(async () => {
  await spine.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Types a command as somebody; cases are those of this test's own task queue. */
function type(as: string, ...words: string[]) {
  const { client } = spine;
  const governor = createGovernor(client);
  const desk: CaseDesk = {
    ...openCaseDesk({ client, governor }),
    start: async (process, input, id) => {
      const { workflowId, firstExecutionRunId: runId } = await client.workflow.start(process, {
        taskQueue: spine.taskQueue,
        workflowId: id,
        args: [input],
      });
      return { workflowId, runId };
    },
  };
  const approvals = openTemporalApprovals({
    client,
    governor,
    directory: async () => spine.people,
    speaker: async () => ({ person: as, signer: openAnswerSigner(files.signing) }),
    cli: { program: inject('temporalProgram'), options: ['--address', inject('temporalAddress')] },
  });
  const groups: CommandGroup[] = [
    (program, terminal) => addStartCommand(program, (use) => use(desk), terminal),
    (program, terminal) => addCaseCommands(program, (use) => use(desk), terminal),
    (program, terminal) => addApprovalCommands(program, (_, use) => use(approvals), terminal),
  ];
  return typing(groups, words);
}

/** Types it until it says what is waited for: a list of runs follows what happens a moment later. */
async function until(words: string[], seen: (out: string) => boolean): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const { out } = await type('omar', ...words);
    if (seen(out)) return out;
    await sleep(100);
  }
  throw new Error(`${words.join(' ')} never said what was waited for`);
}

/** A case that waits for a yes to its account, and the first digits of what it asks. */
async function waitingCase(): Promise<string> {
  spine.reset();
  spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
  number += 1;
  caseId = `typed-${number}-${spine.taskQueue.slice(5, 13)}`;
  const { exit } = await type('omar', 'start', 'onboardCustomer', 'examples/onboarding/clean.json', '--id', caseId);
  expect(exit).toBe(0);
  await until(['case', 'show', caseId], (out) => out.includes('createAccount-1 (proposal) waits for'));
  const { request } = JSON.parse((await type('omar', 'approvals', 'show', caseId, 'createAccount-1', '--json')).out);
  return request.digest.slice(0, 12);
}

describe('a case on the command line', () => {
  let digest = '';
  beforeEach(async () => {
    digest = await waitingCase();
  });

  it('is started, listed, shown, answered with a signature and watched to its end', async () => {
    const listed = await until(['approvals', 'list', '--json'], (out) => out.includes(caseId));
    expect(JSON.parse(listed).find((each: { case: string }) => each.case === caseId)).toMatchObject({
      approval: 'createAccount-1',
      process: 'onboardCustomer',
      kind: 'proposal',
    });
    const shown = await type('omar', 'approvals', 'show', caseId, 'createAccount-1');
    expect(shown.out).toContain('The exact call:');
    const watching = type('omar', 'case', 'watch', caseId);
    const taken = await type('carla', 'approvals', 'answer', caseId, 'createAccount-1', 'approve', '--digest', digest);
    expect(taken).toMatchObject({ exit: 0, out: `Taken: approve on createAccount-1 of ${caseId}.\n` });
    expect((await watching).out).toMatch(/createAccount-1 waits for compliance[\s\S]*It ended: onboarded\.\n$/);
    const answers = spine.decisions.flatMap((line) => line.answers);
    expect(answers).toMatchObject([{ by: 'carla', verdict: 'approve', identity: 'signed' }]);
    const ended = await type('omar', 'case', 'show', caseId, '--json');
    expect(JSON.parse(ended.out)).toMatchObject({ case: caseId, state: 'COMPLETED', end: { outcome: 'onboarded' } });
  });

  it('hears no answer of somebody who is not asked, nor to a call that was not read', async () => {
    const approve = ['approvals', 'answer', caseId, 'createAccount-1', 'approve', '--digest'];
    expect(await type('mia', ...approve, digest)).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/mia is not asked/),
    });
    expect(await type('mallory', ...approve, digest)).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/Nobody called mallory/),
    });
    expect(await type('carla', ...approve, 'f'.repeat(12))).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/has changed/),
    });
    const { waiting } = JSON.parse((await type('omar', 'case', 'show', caseId, '--json')).out);
    expect(waiting).toMatchObject([{ approval: 'createAccount-1', yeses: [] }]);
    expect((await type('carla', ...approve, digest)).exit).toBe(0);
  });

  it('tells the second who was first', async () => {
    let tell: () => void = () => undefined;
    const heard = new Promise<void>((resolve) => {
      tell = resolve;
    });
    spine.tools.answer('documents.generate', async ({ accountId }) => {
      await heard;
      return { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 };
    });
    const answer = (as: string, ...words: string[]) =>
      type(as, 'approvals', 'answer', caseId, 'createAccount-1', ...words, '--digest', digest);
    await answer('carla', 'approve');
    const second = await answer('omar', 'reject', '--reason', 'too late');
    expect(second).toMatchObject({ exit: 1, out: '', err: 'Not taken: already decided by carla\n' });
    tell();
    await spine.client.workflow.getHandle(caseId).result();
  });

  it.skipIf(inject('temporalProgram') === '')('takes the signed line that is printed, as a shell runs it', async () => {
    const { out } = await type(
      'carla',
      'approvals',
      'sign',
      caseId,
      'createAccount-1',
      'approve',
      '--digest',
      digest,
      '--reason',
      "it's $(id) fine",
    );
    expect(out).toMatch(/ workflow signal --workflow-id typed-.* --name answer --input '\{.*"token":"ey/);
    expect(spawnSync('/bin/sh', ['-c', out], { encoding: 'utf8' }).status).toBe(0);
    expect(await spine.client.workflow.getHandle(caseId).result()).toMatchObject({ outcome: 'onboarded' });
    const answers = spine.decisions.flatMap((line) => line.answers);
    expect(answers).toMatchObject([{ by: 'carla', identity: 'signed', reason: "it's $(id) fine" }]);
  });

  it('that was terminated is said to be, and one that is not there not to be', async () => {
    const { exit, err } = await type('omar', 'case', 'show', 'no-such-case');
    expect({ exit, err }).toMatchObject({
      exit: 1,
      err: expect.stringMatching(/^There is no case no-such-case here\./),
    });
    await spine.client.workflow.getHandle(caseId).terminate();
    const shown = await type('omar', 'case', 'show', caseId);
    expect(shown.out).toMatch(/state +terminated[\s\S]*It ended: terminated/);
  });
});

describe('a start that is refused', () => {
  it('sends nothing where the process would not take it', async () => {
    const { exit, err } = await type(
      'omar',
      'start',
      'onboardCustomer',
      'examples/onboarding/bad-input.json',
      '--id',
      'bad',
    );
    expect(exit).toBe(2);
    expect(err).toMatch(/requestId: 3 to 64 letters/);
    expect((await type('omar', 'case', 'show', 'bad')).exit).toBe(1);
  });
});

describe('what the doctor sees of a server', () => {
  it('namespace, attributes, workers and clock', async () => {
    const address = inject('temporalAddress');
    const connection = await Connection.connect({ address });
    try {
      const findings = await lookAtServer({ connection, address, namespace: 'default' });
      const states = Object.fromEntries(findings.map(({ subject, state }) => [subject, state]));
      // The workers of tests poll queues of their own.
      expect(states).toEqual({ Temporal: 'good', 'search attributes': 'good', workers: 'wrong', clock: 'good' });
      const families = [spine.taskQueue, 'governor-nobody'];
      const [, , , , served, unserved] = await lookAtServer({ connection, address, namespace: 'default', families });
      expect(served).toEqual({
        subject: `workers of ${spine.taskQueue}`,
        state: 'good',
        says: expect.stringMatching(/poll/),
      });
      expect(unserved).toMatchObject({ state: 'wrong', mend: 'WORKER_QUEUES=governor-nobody npm run worker' });
      const [missing, ...others] = await lookAtServer({ connection, address, namespace: 'nowhere' });
      expect(missing).toMatchObject({ state: 'wrong', says: expect.stringContaining('has no namespace nowhere') });
      expect(others).toEqual([]);
    } finally {
      await connection.close();
    }
  });
});
