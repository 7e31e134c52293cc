import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agents } from '../../agents/index.ts';
import type { Finding } from '../../client/cli/doctor-command.ts';
import { addReadyCommand, type ReadyAnswer } from '../../client/cli/ready-command.ts';
import { POINTS } from '../../contracts/decision-points.ts';
import type { Policy } from '../../contracts/policy.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { createMeter } from '../../telemetry/meter.ts';
import { serveMetrics } from '../../telemetry/serve-metrics.ts';
import { isBounded } from '../../workers/ready/cost.ts';
import { isDeployed } from '../../workers/ready/deployed.ts';
import { escalates } from '../../workers/ready/escalation.ts';
import { isMeasured } from '../../workers/ready/measured.ts';
import { canRollBack } from '../../workers/ready/rollback.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { typing } from '../support/typing.ts';

const NOW = Date.parse('2026-03-04T10:00:00Z');
const files = new PromptFiles(fileURLToPath(new URL('../../prompts', import.meta.url)));
const released = async () => {
  const release = await files.release(await files.currentId());
  return { release, policy: await files.policy(release.policy), people: (await files.directory()).people };
};

describe('governor ready', () => {
  const answer = (yes: boolean): ReadyAnswer => ({
    question: 'Is it so?',
    yes,
    evidence: ['Looked.'],
    mend: 'Do this.',
  });
  const say = (answers: readonly ReadyAnswer[], ...words: string[]) =>
    typing([(program, terminal) => addReadyCommand(program, async () => answers, terminal)], ['ready', ...words]);

  it('ends with 0 where every answer is yes, and with 1 and the evidence where one is no (RD-103)', async () => {
    expect(await say([answer(true)])).toMatchObject({ exit: 0, out: 'yes  Is it so?\n      Looked.\n', err: '' });
    expect(await say([answer(true), answer(false)])).toMatchObject({
      exit: 1,
      out: 'yes  Is it so?\n      Looked.\nNO   Is it so?\n      Looked.\n   →  Do this.\n',
      err: 'Not ready: 1 of 2 answers is no.\n',
    });
    const json = await say([answer(false)], '--json');
    expect(json.exit).toBe(1);
    expect(JSON.parse(json.out)).toEqual([answer(false)]);
  });

  it('says no of an installation where nothing runs, and what it could try all the same (RD-103)', () => {
    const script = fileURLToPath(new URL('../../workers/cli.ts', import.meta.url));
    const { status, stdout } = spawnSync(process.execPath, [script, 'ready', '--json'], {
      env: { PATH: process.env['PATH'], GOVERNOR_STATE_DIR: mkdtempSync(join(tmpdir(), 'governor-ready-')) },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const said: ReadyAnswer[] = JSON.parse(stdout);
    expect(said.map(({ yes }) => yes)).toEqual([false, false, true, true, false]);
    expect(said[0]?.evidence.join()).toContain('TEMPORAL_ADDRESS names no server');
    expect(said[1]?.evidence).toEqual(['Nothing tells metrics: METRICS_PORT is not set, and no address was given.']);
  });
});

describe('whether it is in place', () => {
  const finding = (state: Finding['state']): Finding => ({ subject: 'workers', state, says: 'seen' });

  it.each([
    ['good', true],
    ['note', true],
    ['wrong', false],
    ['skipped', false],
  ] as const)('where something is %s: %s', (state, yes) => {
    expect(isDeployed([finding('good'), finding(state)]).yes).toBe(yes);
  });
});

describe('whether every decision point has a metric (RD-99)', () => {
  const page = async () => {
    const serving = await serveMetrics(createMeter(), { host: '127.0.0.1', port: 0 });
    onTestFinished(() => serving.stop());
    return serving.url;
  };
  const pageOf = async (text: string) => {
    const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  };

  it('is read where the processes tell it', async () => {
    const said = await isMeasured([await page(), await page()]);
    expect(said).toMatchObject({ yes: true });
    expect(said.evidence).toEqual([
      `Each of ${Object.keys(POINTS).length} decision points has its metric at 2 addresses.`,
    ]);
  });

  it('is no where one process is silent, or does not know a point', async () => {
    const silent = 'http://127.0.0.1:1/metrics';
    expect(await isMeasured([await page(), silent])).toMatchObject({
      yes: false,
      evidence: [`Nothing answers at ${silent}.`],
    });
    const [gone = '', ...others] = Object.keys(POINTS);
    const old = await pageOf(others.map((name) => `# TYPE ${name} counter`).join('\n'));
    expect(await isMeasured([old])).toMatchObject({ yes: false, evidence: [`${gone} is not told at ${old}.`] });
  });
});

describe('whether a prompt can be rolled back (RD-100)', () => {
  it('is tried on a copy, and leaves the prompts as they were', async () => {
    const { dir, second } = await promptsFolder();
    const before = readdirSync(dir, { recursive: true });
    const said = await canRollBack(dir, agents);
    expect(said).toMatchObject({ yes: true, evidence: [expect.stringMatching(/went to v2 and back to v1 in \d+ ms/)] });
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
    expect(await new PromptFiles(dir).currentId()).toBe(second.id);
  });

  it('is no where a published prompt was changed afterwards', async () => {
    const folder = await promptsFolder();
    await folder.edit('verify-identity/v2.md', (text) => `${text}\nOne more line.\n`);
    const said = await canRollBack(folder.dir, agents);
    expect(said.yes).toBe(false);
    expect(said.evidence.join()).toContain('verifyIdentity');
  });
});

describe('whether cases escalate predictably (RD-101)', () => {
  it('is yes of what is released: every failure has its queue, every rung its people', async () => {
    const { policy, people } = await released();
    expect(escalates(policy, people, NOW)).toMatchObject({
      yes: true,
      evidence: [
        expect.stringMatching(/^Each of \d\d failures has its queue/),
        expect.stringMatching(/^Each of 8 ladders/),
      ],
    });
  });

  it('is no where a rung has nobody, and says which', async () => {
    const { policy, people } = await released();
    const without = people.filter(({ roles }) => !roles.includes('director'));
    const { yes, evidence } = escalates(policy, without, NOW);
    expect(yes).toBe(false);
    expect(evidence).toContain('ladders.budget needs 1 of role director, and 0 may answer now.');
    expect(evidence).toContain('expenses.ladders.director needs 1 of role director, and 0 may answer now.');
  });

  it('is no where two have to agree and one is there', async () => {
    const { policy, people } = await released();
    const [operator] = people.filter(({ roles }) => roles.includes('operations'));
    const alone = [...people.filter(({ roles }) => !roles.includes('operations')), operator as (typeof people)[number]];
    const exception = [{ role: 'operations' as const, hours: 4, needed: 2 }];
    const strict: Policy = { ...policy, ladders: { ...policy.ladders, exception } };
    expect(escalates(strict, people, NOW).yes).toBe(true);
    expect(escalates(strict, alone, NOW).evidence).toContain(
      'ladders.exception needs 2 of role operations, and 1 may answer now.',
    );
  });

  it('is no where a failure has a queue that the policy does not know, or somebody is asked who is a stranger', async () => {
    const { policy, people } = await released();
    const fewer: Policy = { ...policy, escalationQueues: ['platform-ops'] };
    expect(escalates(fewer, people, NOW).evidence).toContain(
      'StaleData goes to identity-ops, which the policy does not know.',
    );
    const documents = { ...(policy.documents as NonNullable<Policy['documents']>), standIns: ['nobody.here'] };
    expect(escalates({ ...policy, documents }, people, NOW).evidence).toEqual([
      'The policy asks nobody.here, who is not in the directory.',
    ]);
  });
});

describe('whether the cost of a case is bounded and monitored (RD-102)', () => {
  it('is yes of what is released, with the figures of each process', async () => {
    const { release, policy } = await released();
    const { yes, evidence } = isBounded(release, policy, true);
    expect(yes).toBe(true);
    expect(evidence).toContainEqual(expect.stringMatching(/^onboardCustomer: at most \$\d\.\d\d a case/));
  });

  it('is no where a process has no cap, a cap does not pay a clean run, or nobody sees what is spent', async () => {
    const { release, policy } = await released();
    const { onboardCustomer, ...others } = policy.processes;
    expect(isBounded(release, { ...policy, processes: others }, true).evidence).toEqual([
      'The policy bounds no case of onboardCustomer.',
    ]);
    const tight = { ...(onboardCustomer as NonNullable<typeof onboardCustomer>), capMicroUsd: 100 };
    const processes = { ...policy.processes, onboardCustomer: tight };
    expect(isBounded(release, { ...policy, processes }, true).evidence.join()).toMatch(/^onboardCustomer may spend/);
    expect(isBounded(release, policy, false)).toMatchObject({
      yes: false,
      evidence: ['Nobody sees what cases spend: the metrics are not all told.'],
    });
  });
});
