import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { countEffects } from '../../outside/counts.ts';
import { type DemoRun, descendantsOf, isAlive, runDemo } from '../support/demo-run.ts';
import { exampleNames, expectedOf } from '../support/examples.ts';

/** The fields of a line, and no others. */
const FIELDS = [
  ...['process', 'example', 'workflowId', 'runId', 'outcome', 'failureType', 'stoppedAt'],
  ...['modelCalls', 'costMicroUsd', 'effects', 'durationMs'],
];
/** Where the examples of each other process are. */
const FOLDERS = {
  approveExpense: 'expenses',
  approveDocument: 'documents',
  routeTicket: 'tickets',
  placeOrder: 'orders',
  cancelOrder: 'order-cancellations',
};
const STEPS_OF_A_CLEAN_CASE = 8;
/** What a case may take without its waits for people, milliseconds. */
const MOST_MS = 90_000;

const runs: DemoRun[] = [];
const demo = (...args: string[]): DemoRun => {
  const run = runDemo(...args);
  runs.push(run);
  return run;
};

afterAll(async () => {
  for (const run of runs) {
    run.child.kill('SIGTERM');
    await run.ended;
    run.remove();
  }
});

// Each demo starts a server of its own, which takes the program.
describe.skipIf(inject('temporalProgram') === '')('the demo', () => {
  it.concurrent('runs every example to the end that its .expect.json names, one JSON object a line (ON-1, ON-5, ON-11, PF-44)', async () => {
    const run = demo('--all', '--once', '--json');
    const code = await run.ended;
    const { stdout, stderr } = run.said();
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const onboardings = lines.filter(({ process }) => process === 'onboardCustomer');
    expect(onboardings.map(({ example }) => example).sort(), stderr).toEqual(exampleNames().sort());
    for (const line of onboardings) {
      expect(Object.keys(line)).toEqual(FIELDS);
      const { outcome, failureType = null, stoppedAt = null, effects } = expectedOf(String(line['example']));
      expect(line).toMatchObject({ process: 'onboardCustomer', outcome, failureType, stoppedAt, effects });
      expect(line['durationMs']).toBeLessThan(MOST_MS);
      if (String(line['example']).startsWith('clean')) expect(line['modelCalls']).toBe(STEPS_OF_A_CLEAN_CASE);
    }
    for (const [process, folder] of Object.entries(FOLDERS)) {
      const ended = lines.filter((line) => line['process'] === process);
      expect(ended.map(({ example }) => example).sort(), stderr).toEqual(exampleNames(folder).sort());
      for (const { example, outcome } of ended)
        expect([example, outcome]).toEqual([example, expectedOf(String(example), folder).outcome]);
    }
    // What the lines say is what is there: each finished story has its account, each failed case its escalation.
    const counts = await countEffects({ stateDir: run.stateDir });
    const onboarded = lines.filter(({ outcome }) => outcome === 'onboarded').length;
    const failed = lines.filter(
      ({ outcome, failureType }) => outcome === 'failed' && failureType !== 'InvalidInput',
    ).length;
    expect(counts.accounts.filter(({ state }) => state === 'open')).toHaveLength(onboarded);
    expect(counts.mails).toHaveLength(onboarded);
    expect(counts.meetings).toHaveLength(onboarded);
    expect(counts.escalations).toHaveLength(failed);
    expect(code, stderr).toBe(0);
  }, 400_000);

  it.concurrent('tells its story in figures that the far sides bear out (ON-8, ON-11, ON-12, PF-46, BA-85)', async () => {
    const run = demo('--once');
    const code = await run.ended;
    const { stdout, stderr } = run.said();
    const counts = await countEffects({ stateDir: run.stateDir });
    expect(code, stdout + stderr).toBe(0);

    expect(stdout).toContain('Identity verification returned cached data; timestamp mismatch detected.');
    expect(stdout).toMatch(
      /never begun +createAccount, writeWelcomeKit, sendWelcomeEmail, bookFollowUp, routeNotification\n/,
    );
    expect(counts.escalations.map(({ failureType, queue }) => ({ failureType, queue }))).toEqual([
      { failureType: 'StaleData', queue: 'identity-ops' },
    ]);
    expect(stdout).toContain(`by escalation ${counts.escalations[0]?.id}`);

    // The eight of the third act are the only onboardings that came to an end.
    const table = (words: string): string[] => new RegExp(`  ${words} +(\\d+) +(\\d+)`).exec(stdout)?.slice(1) ?? [];
    const there = (found: readonly unknown[]): string[] => ['8', String(found.length)];
    expect(table('cases done')).toEqual(['8', '8']);
    expect(table('accounts')).toEqual(there(counts.accounts.filter(({ state }) => state === 'open')));
    expect(table('welcome kits')).toEqual(there(counts.documents));
    expect(table('e-mails')).toEqual(there(counts.mails));
    expect(table('meetings')).toEqual(there(counts.meetings));
    expect(table('notifications')).toEqual(
      there(counts.notifications.filter(({ key }) => key.startsWith('onboardCustomer:'))),
    );
    expect(table('audit entries')).toEqual(there(counts.audit.filter(({ outcome }) => outcome === 'onboarded')));
    expect(stdout).toMatch(/ [1-9]\d* steps? began again on the other worker/);
    expect(stdout).toContain('paid twice: 0');
    // The requester's own try is refused, the manager's is signed, and the far side has paid those three and no more.
    expect(stdout).toMatch(/ruth +403 Nobody answers about their own request\./);
    expect(stdout).toMatch(/darius +200 accepted, and signed/);
    expect(counts.exports.map(({ requestId }) => requestId.replace(/-[^-]*$/, '')).sort()).toEqual([
      'desk',
      'short',
      'wordy',
    ]);
    expect(stdout).toMatch(/✓ The running case kept its prompt to its end/);
    expect(stdout).not.toMatch(/gov_/);
    expect(
      stdout.split('\n').filter((line) => line.length > 100 && !/https?:|temporal workflow|npm run/.test(line)),
    ).toEqual([]);
  }, 400_000);

  it.concurrent('leaves no process behind when it is killed with -9', async () => {
    const run = demo();
    while (!run.said().stdout.includes('Ready after')) await sleep(50);
    const started = descendantsOf(run.child.pid ?? 0);
    // The server with its watcher, the outside world, the tools and a worker at least.
    expect(started.length).toBeGreaterThanOrEqual(4);
    run.child.kill('SIGKILL');
    await run.ended;
    for (let tries = 0; tries < 150 && started.some(isAlive); tries++) await sleep(100);
    expect(started.filter(isAlive)).toEqual([]);
  }, 60_000);
});
