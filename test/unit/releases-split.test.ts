import { ApplicationFailure } from '@temporalio/activity';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReleaseActivities } from '../../activities/release.ts';
import type { Release } from '../../contracts/release.ts';
import { resolvePin } from '../../prompts/split.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { promptsFolder } from '../support/prompts-folder.ts';

const split = (weights: readonly number[], policy = 'standard-1'): Release => {
  const bounds = {
    iterations: 3,
    maxInputBytes: 5000,
    maxOutputTokens: 300,
    timeoutMs: 20_000,
    patienceMs: 40_000,
    worstCaseMicroUsd: 1400,
    taskQueue: 'governor',
  };
  const prompts = weights.map((weight, index) => ({
    version: `v${index + 1}`,
    sha256: String(index).repeat(64),
    weight,
  }));
  return {
    id: 'r1-000000000000',
    createdAt: '2026-11-22T00:00:00.000Z',
    note: '',
    policy: { id: policy, sha256: '0'.repeat(64) },
    prices: '2026-11-22',
    agents: { first: { prompts, ...bounds }, second: { prompts, ...bounds } },
  };
};

const versionOf = (release: Release, caseId: string, agent = 'first'): string | undefined =>
  resolvePin(release, agent, caseId)?.prompt.version;

const cases = Array.from({ length: 10_000 }, (_, index) => `onboardCustomer-REQ-${index}`);

describe('a split', () => {
  it.each([[[90, 10]], [[1, 1]], [[1, 1, 1]], [[997, 2, 1]]])(
    'with the weights %j gives each version its share of 10,000 cases (PM-58)',
    (weights) => {
      const release = split(weights);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const counts = new Map<string | undefined, number>();
      for (const id of cases) counts.set(versionOf(release, id), (counts.get(versionOf(release, id)) ?? 0) + 1);
      for (const [index, weight] of weights.entries()) {
        const share = weight / total;
        const fourSigma = 4 * Math.sqrt(cases.length * share * (1 - share));
        expect(Math.abs((counts.get(`v${index + 1}`) ?? 0) - cases.length * share)).toBeLessThan(fourSigma);
      }
    },
  );

  it('gives a case the same version whenever and wherever it is asked, in any order of the choices (PM-58)', () => {
    const release = split([30, 70]);
    const turned = { ...split([30, 70]) };
    const { first } = turned.agents;
    if (first) turned.agents = { ...turned.agents, first: { ...first, prompts: first.prompts.toReversed() } };
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(versionOf(turned, id)).toBe(versionOf(release, id));
      }),
    );
  });

  it('moves only as many cases as its weights do, and none when something else is released', () => {
    const before = split([50, 50]);
    const moved = cases.filter((id) => versionOf(split([60, 40]), id) !== versionOf(before, id));
    expect(moved.every((id) => versionOf(before, id) === 'v2')).toBe(true);
    expect(moved.length).toBeGreaterThan(800);
    expect(moved.length).toBeLessThan(1200);
    expect(cases.filter((id) => versionOf(split([50, 50], 'standard-2'), id) !== versionOf(before, id))).toEqual([]);
  });

  it('deals each agent its own cases', () => {
    const release = split([50, 50]);
    const same = cases.filter((id) => versionOf(release, id, 'first') === versionOf(release, id, 'second'));
    expect(same.length).toBeGreaterThan(4700);
    expect(same.length).toBeLessThan(5300);
  });

  it('has nothing for an agent that is not in the release', () => {
    expect(resolvePin(split([1]), 'nobody', 'case')).toBeUndefined();
  });
});

describe('the release that a case loads', () => {
  const installation = { heartbeatTimeoutMs: 5000, simulated: true, searchAttributes: false };

  it('carries the policy and one prompt an agent, and the installation it runs in (PM-57)', async () => {
    const { dir, second } = await promptsFolder();
    const { loadRelease } = createReleaseActivities({ prompts: openPromptStore(dir), ...installation });
    const loaded = await loadRelease({ caseId: 'onboardCustomer-REQ-1', process: 'onboardCustomer' });
    expect(loaded).toMatchObject({ id: second.id, policy: { id: 'standard-1' }, ...installation });
    expect(Object.keys(second.agents)).toEqual(expect.arrayContaining(Object.keys(loaded.agents)));
    expect(Object.keys(loaded.agents)).toEqual(expect.arrayContaining(['createAccount', 'closeAccount', 'escalate']));
    expect(Object.keys(loaded.agents)).not.toContain('createOrder');
    const { version, sha256 } = second.agents['verifyIdentity']?.prompts[0] ?? {};
    expect(loaded.agents['verifyIdentity']?.prompt).toEqual({ version, sha256 });
    expect(Buffer.byteLength(JSON.stringify(loaded))).toBeLessThan(6000);
  });

  it('says whom the directory has under another name, and nothing of anybody else', async () => {
    const { dir } = await promptsFolder();
    const { loadRelease } = createReleaseActivities({ prompts: openPromptStore(dir), ...installation });
    const load = (names?: string[]) =>
      loadRelease({ caseId: 'case', process: 'approveExpense', ...(names && { names }) });
    const { alsoKnown } = await load(['Marta', 'tomas.okonjo', 'lena.brandt']);
    expect(alsoKnown).toEqual([{ called: 'Marta', person: 'marta.lindqvist' }]);
    for (const names of [undefined, ['tomas.okonjo', '__proto__']])
      expect(await load(names)).not.toHaveProperty('alsoKnown');
  });

  it('fails in a way that Temporal tries again where there is no good one', async () => {
    const folder = await promptsFolder();
    await folder.remove('current');
    const { loadRelease } = createReleaseActivities({ prompts: openPromptStore(folder.dir), ...installation });
    const error = await loadRelease({ caseId: 'case', process: 'onboardCustomer' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'ReleaseBroken', nonRetryable: false });
  });

  it('comes with the people who have one of the roles that are asked, and nobody else', async () => {
    const { dir } = await promptsFolder();
    const { roster } = createReleaseActivities({ prompts: openPromptStore(dir), ...installation });
    const people = await roster({ roles: ['compliance'] });
    expect(people.length).toBeGreaterThan(0);
    expect(people.every(({ roles }) => roles.includes('compliance'))).toBe(true);
    expect((await roster({ roles: ['support-lead'] })).map(({ person }) => person)).toEqual(['yusuf.adeyemi']);
    expect(await roster({ roles: ['sales-desk'] })).toEqual([]);
  });

  it.each(['onboardCustomer', 'routeTicket'])(
    'asks and pages only roles that somebody has, for %s',
    async (process) => {
      const store = openPromptStore('prompts');
      const { loadRelease } = createReleaseActivities({ prompts: store, ...installation });
      const { ladders, tickets } = (await loadRelease({ caseId: 'case', process })).policy;
      const asked: string[] = Object.values(ladders).flatMap((ladder) => ladder.map(({ role }) => role));
      const paged = tickets ? [...tickets.queues, tickets.triage].map(({ owner }) => owner) : [];
      if (process === 'routeTicket') expect(paged).toContain('support-lead');
      const held = (await store.directory()).people.flatMap(({ roles }) => roles);
      expect([...asked, ...paged].filter((role) => !held.some((one) => one === role))).toEqual([]);
    },
  );
});
