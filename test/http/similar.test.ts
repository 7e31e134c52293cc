import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpRig, startHttpRig, waitingCase } from '../support/http-rig.ts';

let rig: HttpRig;
beforeAll(async () => {
  rig = await startHttpRig();
});
afterAll(() => rig.stop());

it('a request is shown beside those that were decided by the same rule at the same step, and no others', async () => {
  const { request, path, id } = await waitingCase(rig);
  const past = (caseId: string, change: object = {}) =>
    rig.past.push({
      caseId,
      process: 'onboardCustomer',
      at: '2026-03-02T09:00:00Z',
      step: request.step,
      agent: 'createAccount',
      tool: 'accounts.create',
      outcome: 'done',
      verdict: 'needs-approval',
      rule: request.rule,
      costMicroUsd: 0,
      answers: [],
      ...change,
    });
  past('alike');
  past('alike-again', { step: `${request.step}-2` });
  past('other-rule', { rule: 'no-answer' });
  past('other-step', { step: 'verifyIdentity' });
  past(id);
  const shown = (await (await rig.call('carla', 'GET', path)).json()) as { similar: { caseId: string }[] };
  expect(shown.similar.map(({ caseId }) => caseId)).toEqual(['alike', 'alike-again']);
});
