import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { CaseRelease } from '../../contracts/release.ts';
import { onboarding, until } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { startSpine } from '../support/spine.ts';

/** This version, but for one way of going on with a case that it knows beside. */
function laterVersion(): string {
  const folder = mkdtempSync(join(tmpdir(), 'governor-later-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const code = readFileSync(inject('bundlePath'), 'utf8');
  const later = code.replaceAll('callerPassedOver: true', 'callerPassedOver: true, shipsTomorrow: true');
  expect(later).not.toBe(code);
  const path = join(folder, 'later.js');
  writeFileSync(path, later);
  return path;
}

const whyTasksFailed = async (handle: WorkflowHandle): Promise<string[]> =>
  ((await handle.fetchHistory()).events ?? []).flatMap(
    ({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? [],
  );

it('a case of a later version is not touched by a worker of this one, and ended by one of its own (CD-77, PF-45)', async () => {
  const release = { ...fakeRelease(), shipsTomorrow: true } as CaseRelease;
  const ours = await startSpine({ release });
  const handle = await ours.start('onboardCustomer', onboarding());
  await until(async () => (await whyTasksFailed(handle)).length > 0);
  expect(await whyTasksFailed(handle)).toEqual([
    'A later version began this case, and goes on with it; unknown here: shipsTomorrow.',
  ]);
  expect(ours.tools.order).toEqual([]);
  const theirs = await startSpine({ release, taskQueue: ours.taskQueue, bundlePath: laterVersion() });
  onTestFinished(() => theirs.stop());
  await ours.stop();
  const result = theirs.client.workflow.getHandle(handle.workflowId).result();
  expect(await result).toMatchObject({ outcome: 'onboarded' });
});
