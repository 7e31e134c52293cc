import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
  onboardCustomer: exampleInput('clean'),
  approveExpense: exampleInput('clean', 'expenses'),
  approveDocument: exampleInput('clean', 'documents'),
  routeTicket: exampleInput('ticket-clean', 'tickets'),
  placeOrder: exampleInput('order-clean', 'orders'),
};

/** The real processes of one house; what people decide is not what is tried. */
describe('what a case costs (RD-102)', () => {
  let told: ToldHouse;
  let poor = '';
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
    for (const [process, input] of Object.entries(CASES)) cases.set(process, await told.begin(process, input));
    const again = { ...(exampleInput('clean') as object), requestId: 'poor-1', capMicroUsd: TOO_LITTLE };
    poor = await told.begin('onboardCustomer', again);
    const all = [...cases.values(), poor];
    await Promise.all([...all.map((id) => told.finish(id, ['approve', 'stop'])), ...all.map(watch)]);
  }, 240_000);
  afterAll(() => told?.stop());

  it('is within its cap at every look, with what is set aside for the calls under way', () => {
    for (const id of [...cases.values(), poor])
      expect(looks.filter((look) => look.id === id).length).toBeGreaterThan(2);
    expect(looks.some(({ reservedMicroUsd }) => reservedMicroUsd > 0)).toBe(true);
    const beyond = looks.filter(({ spentMicroUsd, reservedMicroUsd, capMicroUsd }) => {
      return spentMicroUsd + reservedMicroUsd > capMicroUsd;
    });
    expect(beyond).toEqual([]);
  });

  it('is nothing for the call that could pass the cap: a person is asked, and a no ends the case', async () => {
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
    for (const [process, id] of cases) {
      const ids = process === 'onboardCustomer' ? [id, poor] : [id];
      const spent = (await Promise.all(ids.map(budgetOf))).reduce((sum, { spentMicroUsd }) => sum + spentMicroUsd, 0);
      expect(spent, process).toBeGreaterThan(0);
      expect(counted('governor_case_cost_micro_usd_count', process), process).toBe(ids.length);
      expect(counted('governor_case_cost_micro_usd_sum', process), process).toBe(spent);
      expect(counted('governor_cost_micro_usd_total', process), process).toBe(spent);
    }
    expect(counted('governor_budget_denials_total', 'onboardCustomer', 'scope="cap"')).toBeGreaterThan(0);
    expect(counted('governor_budget_denials_total', 'placeOrder')).toBe(0);
  });
});
