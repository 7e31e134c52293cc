import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, inject, test } from 'vitest';
import type { CaseStatus } from '../../contracts/messages.ts';
import type { World } from '../../outside/world.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { type FarCrm, withIds } from '../support/crm-far-side.ts';
import { exampleWorld, expectedOf, validExamples } from '../support/examples.ts';
import { HUBSPOT_TOKEN, hubSpotId, startHubSpot } from '../support/hubspot-server.ts';
import { SALESFORCE, salesforceId, startSalesforce } from '../support/salesforce-server.ts';

interface Arranged {
  readonly world: World;
  readonly settings: Readonly<Record<string, string>>;
  readonly far?: FarCrm;
}

const ARRANGEMENTS: Readonly<Record<string, () => Promise<Arranged>>> = {
  database: async () => ({ world: exampleWorld(), settings: { CRM: 'database' } }),
  HubSpot: async () => {
    const world = withIds(exampleWorld(), hubSpotId);
    const far = await startHubSpot(world.customers);
    return { far, world, settings: { CRM: 'hubspot', HUBSPOT_URL: far.url, HUBSPOT_TOKEN } };
  },
  Salesforce: async () => {
    const world = withIds(exampleWorld(), salesforceId);
    const far = await startSalesforce(world.customers);
    const secrets = { SALESFORCE_CLIENT_ID: SALESFORCE.clientId, SALESFORCE_CLIENT_SECRET: SALESFORCE.clientSecret };
    return { far, world, settings: { CRM: 'salesforce', SALESFORCE_URL: far.url, ...secrets } };
  },
};

/** The examples that end without a person. */
const STORIES = Object.entries(validExamples()).filter(([name]) => {
  const { outcome, answers } = expectedOf(name);
  return outcome === 'onboarded' && !answers;
});

interface Told {
  readonly outcomes: Readonly<Record<string, unknown>>;
  readonly steps: Readonly<Record<string, readonly string[]>>;
  readonly accounts: readonly string[];
  readonly bundle: { readonly name: string; readonly hash: string };
  readonly asked: number;
}

/** The onboarding stories on real processes: server, worker, tools, and the customers where `arranged` has them. */
async function tell({ world, settings, far }: Arranged): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'governor-crm-'));
  const worldFile = join(folder, 'world.json');
  // Whoever is found then is found over there.
  await writeFile(worldFile, JSON.stringify(far ? { ...world, customers: [] } : world));
  const rig = await startRig({ ...rigServer(), worldFile, settings });
  try {
    await rig.startWorker();
    const ended = await Promise.all(STORIES.map(([name, input]) => story(rig, name, input)));
    const { accounts } = await rig.counts();
    return {
      outcomes: Object.fromEntries(ended.map(({ name, outcome }) => [name, outcome])),
      steps: Object.fromEntries(ended.map(({ name, steps }) => [name, steps])),
      accounts: accounts.map(({ requestId }) => requestId).sort(),
      bundle: await bundleIn(rig.stateDir),
      asked: far?.asked.length ?? 0,
    };
  } finally {
    await rig.stop();
    await far?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function story(rig: Rig, name: string, input: { requestId: string }) {
  const start = { taskQueue: 'governor', workflowId: input.requestId, args: [input] };
  const handle = await rig.client.workflow.start('onboardCustomer', start);
  const { outcome } = await handle.result();
  const { steps } = await handle.query<CaseStatus>('status');
  return { name, outcome, steps: steps.map(({ agent, outcome: ended }) => `${agent} ${ended}`) };
}

/** The bundle that a worker of this house has made for itself; its name tells from which sources. */
async function bundleIn(stateDir: string): Promise<Told['bundle']> {
  const [name = '', ...others] = (await readdir(stateDir)).filter((file) => file.startsWith('bundle-'));
  expect(others).toEqual([]);
  return { name, hash: await sha256(join(stateDir, name)) };
}

const sha256 = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

test('the same workflow code onboards customers who are in our database, in HubSpot and in Salesforce (WS-70)', async () => {
  const told: Told[] = [];
  for (const arrange of Object.values(ARRANGEMENTS)) told.push(await tell(await arrange()));
  const [database, hubspot, salesforce] = told;

  const sources = basename(inject('bundlePath'));
  const names = told.map(({ bundle }) => bundle.name);
  expect(names, 'nobody edits the sources meanwhile').toEqual([sources, sources, sources]);
  const hash = await sha256(inject('bundlePath'));
  expect(told.map(({ bundle }) => bundle.hash)).toEqual([hash, hash, hash]);

  expect(STORIES.length).toBeGreaterThan(5);
  expect(database?.outcomes).toEqual(Object.fromEntries(STORIES.map(([name]) => [name, 'onboarded'])));
  for (const other of [hubspot, salesforce]) {
    expect(other?.outcomes).toEqual(database?.outcomes);
    expect(other?.steps).toEqual(database?.steps);
    expect(other?.accounts).toEqual(database?.accounts);
    expect(other?.asked).toBeGreaterThanOrEqual(STORIES.length);
  }
}, 180_000);
