import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILURES, type FailureType } from '../../contracts/failures.ts';
import { customerAnswer, failed, failureOf, onboarding } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';

/** These two go back to the model first; test/workflow/iterations.test.ts follows them to their end. */
const TAKES_A_DETOUR: readonly FailureType[] = ['ToolRejected', 'AllowanceSpent'];
const TYPES = (Object.keys(FAILURES) as FailureType[]).filter((type) => !TAKES_A_DETOUR.includes(type));

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine({ release: fakeRelease({ patienceMs: 1000 }) });
  // The request's reference names the failure, and the customer found for it has that name for an id.
  spine.tools
    .answer('crm.lookup_customer', ({ requestId }) => customerAnswer(requestId, { customerId: requestId }))
    .answer('identity.verify', ({ customerId }) => failed(customerId as FailureType));
});
afterAll(() => spine.stop());

/** Runs one case into the failure; where a person is asked they abort. Returns how it was dealt with. */
async function dealtWith(type: FailureType) {
  const handle = await spine.start('onboardCustomer', onboarding({ requestId: type }));
  const person = FAILURES[type].retry !== 'never';
  if (person) await answer(handle, await openRequest(handle), 'abort', 'omar');
  const ended = await failureOf(handle);
  const attempts = spine.tools.calls.filter(
    ({ tool, call }) => tool === 'identity.verify' && call['customerId'] === type,
  ).length;
  const escalation = spine.tools.effects.find(
    ({ tool, call }) => tool === 'escalations.open' && call['caseId'] === handle.workflowId,
  );
  return {
    ended: ended.type,
    person,
    retried: attempts > 1,
    queue: escalation?.call['queue'],
    allowed: escalation?.call['allowedQueues'],
  };
}

describe('each type of failure', () => {
  it('is retried by whom the table says, ends the case under its name, and is escalated to its queue (ON-17, BA-88, RD-105)', async () => {
    const left = [...TYPES];
    const seen: Record<string, unknown> = {};
    const oneAfterAnother = async (): Promise<void> => {
      for (let type = left.pop(); type; type = left.pop()) seen[type] = await dealtWith(type);
    };
    await Promise.all(Array.from({ length: 4 }, oneAfterAnother));
    const table = TYPES.map((type) => {
      const { retry, queue } = FAILURES[type];
      return [type, { ended: type, person: retry !== 'never', retried: retry === 'temporal', queue, allowed: [queue] }];
    });
    expect(seen).toEqual(Object.fromEntries(table));
  }, 120_000);
});
