import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childEnvironment } from '../../workers/config.ts';
import { exampleInput } from '../support/examples.ts';
import { startToldHouse, type ToldHouse } from '../support/told-house.ts';

interface Budget {
  readonly capMicroUsd: number;
  readonly spentMicroUsd: number;
  readonly reservedMicroUsd: number;
}

/** Less than the reasoning model of the third step may cost at worst. */
const TOO_LITTLE = 40_000;

const CASES = {
  onboardCustomer: { ...(exampleInput('clean') as object), capMicroUsd: TOO_LITTLE },
  approveExpense: exampleInput('clean', 'expenses'),
  approveDocument: exampleInput('clean', 'documents'),
  routeTicket: exampleInput('ticket-clean', 'tickets'),
  placeOrder: exampleInput('order-clean', 'orders'),
};

/** The real processes of one house; what people decide is not what is tried. */
describe('what a case costs (RD-102)', () => {
  let told: ToldHouse;
  const cases = new Map<string, string>();
  const looks: (Budget & { readonly id: string })[] = [];

  /** What the API shows of a case; a worker that is busy is asked again. */
  async function shown(id: string): Promise<Record<string, unknown>> {
    const { status, said } = await told.call('application', 'GET', `/cases/${id}`);
    if (status === 503) return shown(id);
    if (status !== 200) throw new Error(`${id}: ${status} ${JSON.stringify(said)}`);
    return said;
  }
  const budgetOf = async (id: string) => (await shown(id))['budget'] as Budget;
  const isOpen = async (id: string) =>
    (await told.house.client.workflow.getHandle(id).describe()).status.name === 'RUNNING';
  /** Looks at what a case has spent and set aside, again and again until it has ended. */
  async function watch(id: string): Promise<void> {
    for (let open = true; open; ) {
      open = await isOpen(id);
      looks.push({ id, ...(await budgetOf(id)) });
      await sleep(50);
    }
  }

  beforeAll(async () => {
    told = await startToldHouse();
    const watching: Promise<void>[] = [];
    for (const [process, input] of Object.entries(CASES)) {
      const id = await told.begin(process, input);
      cases.set(process, id);
      watching.push(watch(id));
    }
    // It stands still while it asks, with what its way out may cost set aside.
    const poor = cases.get('onboardCustomer') ?? '';
    while (!(await told.waitsFor(poor))) await sleep(100);
    looks.push({ id: poor, ...(await budgetOf(poor)) });
    await Promise.all([...cases.values()].map((id) => told.finish(id, ['approve', 'stop'])));
    await Promise.all(watching);
  }, 240_000);
  afterAll(() => told?.stop());

  it('is within its cap at every look, with what is set aside for the calls under way', () => {
    for (const id of cases.values()) expect(looks.filter((look) => look.id === id).length).toBeGreaterThan(0);
    expect(looks.some(({ reservedMicroUsd }) => reservedMicroUsd > 0)).toBe(true);
    const beyond = looks.filter(({ spentMicroUsd, reservedMicroUsd, capMicroUsd }) => {
      return spentMicroUsd + reservedMicroUsd > capMicroUsd;
    });
    expect(beyond).toEqual([]);
  });

  it('is nothing for the call that could pass the cap: a person is asked, and a no ends the case', async () => {
    const poor = cases.get('onboardCustomer') ?? '';
    const { outcome, ...said } = await shown(poor);
    expect(outcome).toBe('over-budget');
    const steps = said['steps'] as { agent: string; costMicroUsd: number }[];
    expect(steps.find(({ agent }) => agent === 'createAccount')?.costMicroUsd ?? 0).toBe(0);
    const { capMicroUsd, spentMicroUsd } = await budgetOf(poor);
    expect(capMicroUsd).toBe(TOO_LITTLE);
    expect(spentMicroUsd).toBeGreaterThan(0);
    expect(spentMicroUsd).toBeLessThan(TOO_LITTLE);
  });

  it('is on the page that Prometheus reads: by case, by process, and where the cap said no', async () => {
    const { worker } = await told.metrics();
    const counted = (name: string, process: string, more = ''): number => {
      const line = new RegExp(`^${name}\\{(?=[^}]*process="${process}")(?=[^}]*${more})[^}]*\\} (\\d+)`, 'gm');
      return [...worker.matchAll(line)].reduce((sum, [, value]) => sum + Number(value), 0);
    };
    // A workflow task that the server did not hear the end of is done twice, and tells twice, in metrics and log alike.
    const lines = told.decisions() as { process: string; runId: string; step: string; costMicroUsd: number }[];
    const once = [...new Map(lines.map((line) => [`${line.runId} ${line.step}`, line])).values()];
    const sumOf = (told: typeof lines, process: string) =>
      told.filter((line) => line.process === process).reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
    for (const [process, id] of cases) {
      const { spentMicroUsd: spent } = await budgetOf(id);
      expect(spent, process).toBeGreaterThan(0);
      expect(sumOf(once, process), process).toBe(spent);
      expect(counted('governor_cost_micro_usd_total', process), process).toBe(sumOf(lines, process));
      const ended = counted('governor_case_cost_micro_usd_count', process);
      expect(ended, process).toBeGreaterThan(0);
      expect(counted('governor_case_cost_micro_usd_sum', process), process).toBe(ended * spent);
    }
    expect(counted('governor_budget_denials_total', 'onboardCustomer', 'scope="cap"')).toBeGreaterThan(0);
    expect(counted('governor_budget_denials_total', 'placeOrder')).toBe(0);
  });

  it('is on the terminal: governor watch shows stages against the cap, breakers, and who is waited for', async () => {
    const id = await told.begin('onboardCustomer', exampleInput('no-match'));
    await expect.poll(() => told.waitsFor(id).catch(() => undefined), { timeout: 30_000 }).toBeDefined();
    const options = { env: childEnvironment(told.house.settings) };
    const words = ['workers/cli.ts', 'watch', '--once', '--json'];
    const seen = JSON.parse((await promisify(execFile)(process.execPath, words, options)).stdout);
    expect(seen.stages).toContainEqual(
      expect.objectContaining({ process: 'onboardCustomer', stage: 'waiting', cases: 1, capMicroUsd: 500_000 }),
    );
    expect(seen.stages[0].dearestMicroUsd).toBeGreaterThan(0);
    expect(seen.waiting).toEqual([{ role: 'compliance', requests: 1, oldestMs: expect.any(Number) }]);
    expect(seen.ended).toMatchObject({ reimbursed: 1, 'over-budget': 1 });
    expect(seen.breakers.length).toBeGreaterThan(0);
    await told.house.client.workflow.getHandle(id).cancel();
  }, 60_000);
});
