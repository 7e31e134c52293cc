import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseRow, CaseRows } from '../../client/http/shapes.ts';
import { capsUnder } from '../../prompts/caps.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { type HttpRig, startHttpRig, waitingCase } from '../support/http-rig.ts';

const files = new PromptFiles('prompts');
const LOST = 'a release that nobody can read';
let isLost = false;
let rig: HttpRig;
beforeAll(async () => {
  const current = await files.currentId();
  rig = await startHttpRig({
    releases: {
      ids: () => files.releaseIds(),
      currentId: () => files.currentId(),
      release: (id) => files.release(id),
      // Cases of these tests have a release that is no file; what it lets them spend is that of the real one.
      caps: (id) => {
        expect(id).toBe('test-release');
        return isLost ? Promise.reject(new Error(LOST)) : capsUnder(files, current);
      },
    },
  });
});
afterAll(() => rig.stop());

async function listed(id: string): Promise<CaseRow | undefined> {
  const answer = await rig.call('viewer', 'GET', `/v1/cases?q=${id}`);
  const { cases } = (await answer.json()) as CaseRows;
  return cases.find((row) => row.case === id);
}

it('a run says what it has cost and what its release lets it spend', async () => {
  const { id } = await waitingCase(rig);
  await expect.poll(async () => (await listed(id))?.stage, { timeout: 5000 }).toBe('waiting');
  const { processes } = await files.policy((await files.release(await files.currentId())).policy);
  const row = await listed(id);
  expect(row?.capMicroUsd).toBe(processes['onboardCustomer']?.capMicroUsd);
  expect(row?.costMicroUsd).toBeGreaterThan(0);
  expect(row?.costMicroUsd).toBeLessThan(row?.capMicroUsd ?? 0);
});

it('where that release cannot be read any more, the run is told all the same', async () => {
  const { id } = await waitingCase(rig);
  isLost = true;
  await expect.poll(() => listed(id), { timeout: 5000 }).toMatchObject({ process: 'onboardCustomer' });
  expect(await listed(id)).not.toHaveProperty('capMicroUsd');
});
