import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../client/api-client.ts';
import { ExpenseReport } from '../../contracts/expense.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { OnboardingRequest } from '../../contracts/onboarding.ts';
import { alertRules } from '../support/alert-rules.ts';
import { exampleInput, expectedOf } from '../support/examples.ts';
import { lookAtFarSide } from './far-side.ts';
import { alertsThatFire, rulesOf, tracesNamedBy, whoIsUp } from './prometheus.ts';
import { FAMILY_QUEUE, prepareStack, type Stack } from './stack.ts';

const ROLES = ['worker', 'tools', 'api', 'ui', 'outside'];
const CASES = 12;
/** A process that does not answer is told of after two minutes; on a machine that has much to do it takes longer. */
const ALERT_MS = 420_000;

/** What the lock file says is for development alone. */
const LOCK = resolve(import.meta.dirname, '..', '..', 'package-lock.json');
const { packages } = JSON.parse(readFileSync(LOCK, 'utf8')) as { packages: Record<string, { dev?: boolean }> };
const DEVELOPMENT = Object.keys(packages).filter((name) => packages[name]?.dev);

/** An onboarding with words of its own, so that no effect of it is another's. */
function onboarding(reference: string, seats = 5): OnboardingRequest {
  const { message, document, ...rest } = OnboardingRequest.parse(exampleInput('clean'));
  return {
    ...rest,
    requestId: reference,
    message: `${message.replace(/\d+ seats/, `${seats} seats`)}\n\nOur reference: ${reference}`,
    document: `${document}\nPlace of issue: Port ${seats};`,
  };
}

async function requestOf(api: ApiClient, caseId: string): Promise<OpenRequest> {
  for (let tries = 0; tries < 120; tries++) {
    const [request] = (await api.case(caseId)).waiting;
    if (request) return request;
    await sleep(500);
  }
  throw new Error(`${caseId} asked nobody anything within a minute`);
}

/** When this replica's container was started, seconds since 1970. */
const startOf = async (stack: Stack, index: number): Promise<number> =>
  Number(await stack.inside('worker', ['stat', '-c', '%Y', '/proc/1'], index));

/** Kills a worker's process where it stands, as the machine under it would. Tells when its container had been started. */
async function killWorker(stack: Stack, index: number): Promise<number> {
  const began = await startOf(stack, index);
  // The brackets keep the search from finding itself.
  const find = 'for p in /proc/[0-9]*; do grep -qa workers/[w]orker.ts $p/cmdline && basename $p; done; true';
  const pids = (await stack.inside('worker', ['sh', '-c', find], index)).split(/\s+/).filter((pid) => Number(pid) > 1);
  expect(pids.length).toBeGreaterThan(0);
  // It ends what the command runs in, so that the command can't end well.
  await stack.inside('worker', ['sh', '-c', `kill -9 ${pids.join(' ')}`], index).catch(() => undefined);
  return began;
}

describe('the stack, built and run in containers', () => {
  let stack: Stack;
  let app: ApiClient;
  let boss: ApiClient;

  beforeAll(async () => {
    stack = await prepareStack();
    const up = await stack.ours(['workers/up.ts', '--scale', 'worker=3']);
    const last = up.code === 0 ? '' : (await stack.compose(['logs', '--tail', '20', 'worker'])).out;
    expect(up.code, `${up.err.slice(-2000)}\n${last}`).toBe(0);
    app = await stack.caller('app', 'application');
    boss = await stack.caller('boss', 'approver,requester', 'darius.wren');
  });
  afterAll(async () => {
    const { code, err } = await stack.remove();
    expect(code, err).toBe(0);
    const left = await stack.compose(['--profile', 'family', '--profile', 'observe', 'ps', '-q']);
    expect(left.out.trim()).toBe('');
  });

  /** Answers as the person whose key it is, to exactly what was read. */
  async function answer(caseId: string, { approval, digest }: OpenRequest, said: Readonly<Record<string, unknown>>) {
    const { verdict, reason } = said as { verdict: 'approve'; reason: string };
    return boss.answer(caseId, approval, { verdict, reason, digest });
  }

  it.each(ROLES)(
    'runs %s as nobody in particular, without a right, on a root that cannot be written (CD-74)',
    async (role) => {
      const look =
        'id -u; grep -E "CapEff|NoNewPrivs" /proc/self/status; touch /app/x 2>/dev/null || echo read-only; env';
      const said = await stack.inside(role, ['sh', '-c', look]);
      const [user, ...rest] = said.split('\n').map((line) => line.trim());
      expect(Number(user)).toBeGreaterThan(0);
      expect(rest).toEqual(expect.arrayContaining([expect.stringMatching(/^CapEff:\s+0+$/), 'read-only']));
      expect(rest).toContainEqual(expect.stringMatching(/^NoNewPrivs:\s+1$/));
      expect(said).not.toMatch(/whsec_|postgres:\/\/|TOKEN=|PASSWORD=/);
    },
  );

  it('is an image of less than 600 MB', async () => {
    const said = await stack.inside('worker', ['sh', '-c', 'du -smx / 2>/dev/null | cut -f1']);
    expect(Number(said.trim())).toBeGreaterThan(100);
    expect(Number(said.trim())).toBeLessThan(600);
  });

  it('holds what runs, and on this machine: nothing that develops or compiles, and the workflows as one file (CD-74)', async () => {
    const list = 'cd /app; find . -name "*.node"; ls -d node_modules/* node_modules/@*/* bundle/*; uname -m';
    const found = (await stack.inside('worker', ['sh', '-c', list])).split('\n').map((line) => line.trim());
    expect(DEVELOPMENT.length).toBeGreaterThan(20);
    expect(DEVELOPMENT.filter((name) => found.includes(name))).toEqual([]);
    expect(found.filter((name) => name.startsWith('node_modules/@swc/core-'))).toEqual([]);
    const machine = found.findLast(Boolean);
    const binaries = found.filter((name) => name.endsWith('.node'));
    expect(binaries).toEqual([expect.stringContaining(`/${machine}-unknown-linux-gnu/`)]);
    expect(found.filter((name) => /^bundle\/bundle-[0-9a-f]+(-locked-failures)?\.js$/.test(name))).toHaveLength(2);
  });

  it('shows Temporal’s Web UI, and lets nobody do anything there', async () => {
    expect(await (await fetch(`${stack.uiUrl}/api/v1/settings`)).json()).toMatchObject({ DisableWriteActions: true });
    const ended = await fetch(`${stack.uiUrl}/api/v1/namespaces/default/workflows/x/terminate`, { method: 'POST' });
    expect(ended.status).toBe(403);
  });

  it('answers yes to all that governor ready asks, from within (RD-98, RD-103)', async () => {
    const pages = ['worker', 'tools', 'api'].flatMap((role) => ['--metrics', `http://${role}:9464/metrics`]);
    const said = await stack.inside('api', ['node', 'workers/cli.ts', 'ready', '--json', ...pages]);
    const answers: { yes: boolean; evidence: string[] }[] = JSON.parse(said);
    expect(answers.filter(({ yes }) => !yes).flatMap(({ evidence }) => evidence)).toEqual([]);
    expect(answers).toHaveLength(5);
  });

  it('onboards a customer after the one command that brought it up (RD-98)', async () => {
    const { case: id } = await app.start('onboardCustomer', onboarding('CT-0'), { key: 'CT-0' });
    expect(await app.result(id)).toMatchObject({ outcome: 'onboarded' });
  });

  it('pays an expense report that a manager has signed for at the API', async () => {
    const report = ExpenseReport.parse(exampleInput('manager', 'expenses'));
    const { case: id } = await app.start('approveExpense', report, { key: report.requestId });
    const request = await requestOf(app, id);
    expect(
      await stack.rows(`select state from "expenseReports" where "requestId" = '${report.requestId}'`),
    ).not.toContainEqual(['reimbursed']);
    const [said = {}] = expectedOf('manager', 'expenses').answers ?? [];
    expect(await answer(id, request, said)).toMatchObject({ accepted: true });
    expect(await app.result(id)).toMatchObject({ outcome: 'reimbursed' });
    const decisions = await boss.decisions({ process: 'approveExpense' });
    expect(decisions.flatMap(({ answers }) => answers)).toContainEqual(
      expect.objectContaining({ by: 'darius.wren', identity: 'signed' }),
    );
  });

  it('loses nothing and does nothing twice while one of three workers is killed and one is stopped (CD-75)', async () => {
    const references = Array.from({ length: CASES }, (_, n) => `CT-${n + 100}`);
    const cases = await Promise.all(
      references.map((key, n) => app.start('onboardCustomer', onboarding(key, 100 + n), { key })),
    );
    const began = await killWorker(stack, 1);
    const stopped = await stack.compose(['up', '-d', '--no-recreate', '--scale', 'worker=2']);
    expect(stopped.code, stopped.err).toBe(0);
    const ends = await Promise.all(cases.map(({ case: id }) => app.result(id)));
    expect(ends.map((end) => end?.outcome)).toEqual(Array(CASES).fill('onboarded'));
    const once = new Map(references.map((key) => [key, 1]));
    const known = references.map((reference, n) => ({ reference, caseId: cases[n]?.case ?? '' }));
    const found = await lookAtFarSide(stack, known);
    for (const [effect, times] of Object.entries(found)) expect(times, effect).toEqual(once);
    expect(await startOf(stack, 1)).toBeGreaterThan(began);
  });

  it('takes a prompt back while it runs: the next case has it, one that waits keeps its own', async () => {
    const waiting = OnboardingRequest.parse(exampleInput('watch-list'));
    const { case: before } = await app.start('onboardCustomer', waiting, { key: waiting.requestId });
    const request = await requestOf(app, before);
    const { release } = await app.case(before);

    const back = await stack.ours(['workers/cli.ts', 'prompts', 'rollback', 'verifyIdentity']);
    expect(back.code, back.err).toBe(0);
    // Looked at once a second.
    await sleep(2000);
    const { case: next } = await app.start('onboardCustomer', onboarding('CT-200', 200), { key: 'CT-200' });
    expect(await app.result(next)).toMatchObject({ outcome: 'onboarded' });
    expect((await app.case(next)).release).not.toBe(release);

    const { answers = [], outcome } = expectedOf('watch-list');
    await answer(before, request, answers[0] ?? {});
    expect(await app.result(before)).toMatchObject({ outcome });
    expect((await app.case(before)).release).toBe(release);
  });

  it('serves a family of agents by workers of its own, and nobody else does (CD-79)', async () => {
    writeFileSync(join(stack.promptsDir, 'queues.json'), JSON.stringify({ [FAMILY_QUEUE]: ['verifyIdentity'] }));
    const published = await stack.ours(['workers/cli.ts', 'release', 'publish', '--note', 'its own way']);
    expect(published.code, published.err).toBe(0);
    await sleep(2000);
    const { case: id } = await app.start('onboardCustomer', onboarding('CT-300', 300), { key: 'CT-300' });
    expect(await app.result(id, { wait: 5 })).toBeUndefined();
    const up = await stack.compose(['--profile', 'family', 'up', '-d', '--no-recreate', 'family']);
    expect(up.code, up.err).toBe(0);
    const { case: next } = await app.start('onboardCustomer', onboarding('CT-301', 301), { key: 'CT-301' });
    expect(await app.result(next)).toMatchObject({ outcome: 'onboarded' });
  });

  it('is read by Prometheus: each replica, the alerts, and traces that samples name (OB-90)', async () => {
    const up = await stack.compose(['--profile', 'observe', 'up', '-d', '--no-recreate', 'prometheus']);
    expect(up.code, up.err).toBe(0);
    const { prometheusUrl } = stack;
    const patience = { timeout: 180_000, interval: 2000 };
    const everybody = { 'governor-worker': 3, 'governor-sdk': 3, 'governor-tools': 1, 'governor-api': 1 };
    await expect.poll(() => whoIsUp(prometheusUrl), patience).toEqual(everybody);
    const rules = alertRules().map((rule) => ('alert' in rule ? rule.alert : rule.record));
    const healthy = rules.sort().map((name) => `${name} ok`);
    await expect.poll(() => rulesOf(prometheusUrl), patience).toEqual(healthy);
    const named = await tracesNamedBy(prometheusUrl, 'governor_case_seconds_bucket');
    expect(named.length).toBeGreaterThan(0);
    for (const trace of named) expect(trace).toMatch(/^[0-9a-f]{32}$/);
    expect(await alertsThatFire(prometheusUrl)).toEqual([]);
  });

  it(
    'is missed by Prometheus where its API has stopped, and the alert fires (OB-90)',
    async () => {
      const stopped = await stack.compose(['stop', 'api']);
      expect(stopped.code, stopped.err).toBe(0);
      const fires = () => alertsThatFire(stack.prometheusUrl);
      await expect.poll(fires, { timeout: ALERT_MS, interval: 5000 }).toContain('ProcessGone governor-api');
    },
    ALERT_MS + 60_000,
  );
});
