import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import { identityAnswer, onboarding } from '../support/cases.ts';
import { fakeRelease } from '../support/fake-release.ts';
import { orderTools } from '../support/order-answers.ts';
import { customerSays, order, orderRelease } from '../support/order-cases.ts';
import { answer, openRequest, type Spine, startSpine } from '../support/spine.ts';

let spine: Spine;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset());

const watched = () =>
  spine.tools.answer('identity.verify', ({ customerId }) =>
    identityAnswer(customerId, { match: 'possible-watch-list' }),
  );

describe('what a question rests on is shown with it, and its digest covers it', () => {
  it('the lines of an order that a manager decides about, and what its customer owes and may owe (BA-87)', async () => {
    spine.reset(orderRelease({ highValueMinor: { EUR: 1 } }));
    orderTools(spine.tools);
    const handle = await spine.start('placeOrder', order());
    const request = await openRequest(handle);
    expect(request.facts).toMatchObject({
      totalMinor: 35_700,
      lines: expect.arrayContaining([{ sku: 'LAMP-01', quantity: 1, unitMinor: 10_000, lineMinor: 10_000 }]),
      creditLimitMinor: expect.any(Number),
      openMinor: expect.any(Number),
    });
    await answer(handle, request, 'go-on', 'mia');
    await customerSays(handle, 'approve', [request.approval]);
    expect(await handle.result()).toMatchObject({ outcome: 'created' });
  });

  it('what the registry said of somebody who may be on a watch list', async () => {
    watched();
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request.facts).toEqual({
      customerId: 'C-1',
      checkId: expect.any(String),
      existing: false,
      watched: true,
      status: 'lead',
      match: 'possible-watch-list',
      checkedAt: expect.any(String),
      validUntil: expect.any(String),
      ageYears: expect.any(Number),
    });
    await answer(handle, request, 'go-on', 'carla');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('less of it in a case that began when less was asked with, so that its history can be gone on with', async () => {
    const { wholeEvidence: _whole, ...release } = fakeRelease();
    spine.reset(release);
    watched();
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(Object.keys(request.facts ?? {}).toSorted()).toEqual(['checkId', 'customerId', 'existing', 'watched']);
    await answer(handle, request, 'go-on', 'carla');
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
  });

  it('where a failure was found: the tool and the field, by name (ON-4)', async () => {
    spine.tools.answer('documents.generate', () => new Failed(fail('BadAnswer', 'no contract', { field: 'pages' })));
    const handle = await spine.start('onboardCustomer', onboarding());
    const request = await openRequest(handle);
    expect(request).toMatchObject({ kind: 'exception', rule: 'BadAnswer', step: 'writeWelcomeKit' });
    expect(request.why).toMatch(/mend: .*field pages/);
    await answer(handle, request, 'abort', 'omar');
    await expect(handle.result()).rejects.toThrow();
  });
});
