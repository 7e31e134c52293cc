import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { down, failureOf } from '../support/cases.ts';
import { startSpine } from '../support/spine.ts';

it('a terminated run is reported to people once, also with every provider dead (Terminated)', async () => {
  const spine = await startSpine();
  spine.models.reset(() => down);
  const report = { caseId: 'onboarding-7', runId: randomUUID() };
  for (let sweep = 0; sweep < 2; sweep++) {
    const handle = await spine.start('reportTerminated', report);
    expect(await handle.result()).toEqual({ outcome: 'reported' });
  }
  const escalations = spine.tools.effects.filter(({ tool }) => tool === 'escalations.open');
  expect(escalations).toMatchObject([
    { call: { caseId: 'onboarding-7', failureType: 'Terminated', queue: 'platform-ops', step: 'unknown' } },
  ]);
  expect(await failureOf(await spine.start('reportTerminated', { caseId: 'onboarding-7' }))).toMatchObject({
    type: 'InvalidInput',
  });
  await spine.stop();
});
