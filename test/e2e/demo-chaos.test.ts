import { afterAll, describe, expect, inject, it } from 'vitest';
import { countEffects } from '../../outside/counts.ts';
import type { ChaosReport } from '../../workers/demo/chaos/show.ts';
import { type DemoRun, runDemo } from '../support/demo-run.ts';

const PROCESSES = ['approveDocument', 'approveExpense', 'onboardCustomer', 'placeOrder', 'routeTicket'];
/** Far longer than it takes on two cores that have nothing else to do, which is less than a minute. */
const PATIENCE_MS = 600_000;

let run: DemoRun | undefined;
afterAll(async () => {
  run?.child.kill('SIGTERM');
  await run?.ended;
  run?.remove();
});

// It starts a server of its own, which takes the program.
describe.skipIf(inject('temporalProgram') === '')('the demo, when things are broken', () => {
  it(
    'loses nothing and does nothing twice through a killed worker, a provider that is cut off, callbacks that come twice and answers of two people (CD-75, MC-66, MC-67)',
    async () => {
      run = runDemo('--chaos', '--once', '--json');
      const code = await run.ended;
      const { stdout, stderr } = run.said();
      const lines = stdout.trim().split('\n');
      expect(lines, stderr).toHaveLength(1);
      const { holds, cases, invariants } = JSON.parse(lines[0] ?? '') as ChaosReport;
      expect(invariants.filter((one) => !one.holds)).toEqual([]);
      expect([holds, code]).toEqual([true, 0]);

      const counted = new Map(invariants.map(({ name, counts }) => [name, counts]));
      const begun = Object.values(cases).reduce((sum, count) => sum + count, 0);
      expect(Object.keys(cases).sort()).toEqual(PROCESSES);
      expect(begun).toBeGreaterThan(30);
      expect(counted.get('every case ends as it has to')).toMatchObject({ begun, asExpected: begun, begunByNobody: 0 });
      expect(counted.get('what a kill cuts off goes on')?.['steps']).toBeGreaterThan(0);
      expect(counted.get('a callback that comes twice begins one case')).toEqual({
        callbacks: 3,
        deliveries: 6,
        cases: 3,
      });
      expect(counted.get('a request takes one answer')).toMatchObject({ requests: 3, taken: 3, toldWhoWasFirst: 3 });
      expect(counted.get('no stand-in decides where much is at stake')).toMatchObject({ highStakes: 0 });

      // What it says is what is there, for whoever looks afterwards.
      const there = await countEffects({ stateDir: run.stateDir });
      const onboarded = cases['onboardCustomer'] ?? 0;
      expect(there.accounts.filter(({ state }) => state === 'open')).toHaveLength(onboarded);
      for (const effects of [there.mails, there.meetings, there.documents]) expect(effects).toHaveLength(onboarded);
      expect(there.accounts.filter(({ requestId }) => requestId.startsWith('web-form-'))).toHaveLength(3);
      expect(there.certificates).toHaveLength(cases['approveDocument'] ?? 0);
      expect(there.audit).toHaveLength(begun);

      // What a person reads: what was broken, and what became of it.
      expect(stderr).toMatch(/kill -9 +of process \d+, with [1-9]\d* steps? in hand/);
      expect(stderr).toMatch(/breaker +of first-\w+ open in worker-\d/);
      expect(stderr).toMatch(/waits +\w+ of [\w-]+, for operations/);
      expect(stderr).toMatch(/(darius\.wren go-on|ruth\.achterberg reject): 409 already decided by (ruth|darius)/);
      expect(stderr).toMatch(
        /✓ Four things broke, and nothing was lost, done twice, paid for twice or decided twice\./,
      );
      expect(stderr).not.toMatch(/gov_|whsec_/);
      expect(stderr.split('\n').filter((line) => line.length > 100 && !/https?:|npm run/.test(line))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
