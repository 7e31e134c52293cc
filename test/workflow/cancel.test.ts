import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fail } from '../../contracts/failures.ts';
import type { ModelReply, ModelRequest } from '../../models/model.ts';
import { cancelRequested, onboarding, PLAN, says, until } from '../support/cases.ts';
import { rehearsed } from '../support/scripted-models.ts';
import { openRequest, type Spine, startSpine, status } from '../support/spine.ts';

let spine: Spine;
let handle: WorkflowHandle;
beforeAll(async () => {
  spine = await startSpine();
});
afterAll(() => spine.stop());
beforeEach(() => spine.reset());

const start = async (): Promise<void> => {
  handle = await spine.start('onboardCustomer', onboarding());
};

/** What a cancelled run leaves behind, by its own account. */
async function leftBehind(): Promise<readonly string[]> {
  const error: unknown = await handle.result().catch((raised: unknown) => raised);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(CancelledFailure);
  expect((await handle.describe()).status.name).toBe('CANCELLED');
  return (await status(handle)).leftBehind ?? [];
}

const effects = () => spine.tools.effects.map(({ tool }) => tool).filter((tool) => tool !== 'notifications.post');
const untilAborted = ({ signal }: ModelRequest): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('a case that is cancelled', () => {
  const whileModelAnswers = async (reply: (request: ModelRequest) => ModelReply) => {
    spine.models.reset(async (request) => {
      if (request.agent.name !== 'createAccount') return undefined;
      await untilAborted(request);
      return reply(request);
    });
    await start();
    await until(() => spine.models.calls.some(({ agent }) => agent === 'createAccount'));
    await handle.cancel();
  };

  it('while a model is asked does not act; the lost call is charged, the audit is written, and nothing is left behind', async () => {
    await whileModelAnswers(() => ({
      kind: 'failed',
      failure: fail('ModelUnavailable', 'cut off'),
      charge: 'unknown',
      ms: 1,
    }));
    expect(await leftBehind()).toEqual([]);
    expect(effects()).toEqual(['audit.append']);
    const { budget, steps, outcome } = await status(handle);
    expect(outcome).toBe('cancelled');
    expect(steps).toMatchObject([
      { agent: 'lookUpCustomer' },
      { agent: 'verifyIdentity' },
      { agent: 'createAccount', outcome: 'cancelled', costMicroUsd: 20_000 },
      { agent: 'writeAudit' },
    ]);
    expect(budget).toMatchObject({ reservedMicroUsd: 0, spentMicroUsd: 20_000 + 3 * 150 });
  });

  it('between propose and act does not act', async () => {
    await whileModelAnswers(rehearsed);
    expect(await leftBehind()).toEqual([]);
    expect(effects()).toEqual(['audit.append']);
    expect(spine.decisions.find(({ agent }) => agent === 'createAccount')).toMatchObject({
      outcome: 'cancelled',
      modelCalls: 1,
      costMicroUsd: 150,
    });
  });

  it('during act has the result recorded, takes it back, and begins nothing new', async () => {
    spine.tools.answer('documents.generate', async ({ accountId }) => {
      await handle.cancel();
      await until(() => cancelRequested(handle));
      return { documentId: `sha256-${'b'.repeat(64)}`, accountId, bytes: 1, pages: 1 };
    });
    await start();
    expect(await leftBehind()).toEqual(['a welcome kit']);
    expect(effects()).toEqual(['accounts.create', 'documents.generate', 'accounts.close', 'audit.append']);
    expect(spine.decisions.map(({ agent, outcome }) => `${agent} ${outcome}`)).toEqual([
      'lookUpCustomer done',
      'verifyIdentity done',
      'createAccount done',
      'writeWelcomeKit done',
      'closeAccount done',
      'writeAudit done',
    ]);
  });

  it('while it waits for a person ends without an act, and the request is gone', async () => {
    spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
    await start();
    await openRequest(handle);
    await handle.cancel();
    expect(await leftBehind()).toEqual([]);
    expect(effects()).toEqual(['audit.append']);
    expect(await status(handle)).toMatchObject({ outcome: 'cancelled', waiting: [] });
  });

  it('before its first step ends with an audit alone', async () => {
    spine.models.reset(async (request) => {
      if (request.agent.name !== 'lookUpCustomer') return undefined;
      await untilAborted(request);
      return rehearsed(request);
    });
    await start();
    await until(() => spine.models.calls.length === 1);
    await handle.cancel();
    expect(await leftBehind()).toEqual([]);
    expect(spine.tools.order).toEqual(['audit.append']);
  });

  it('once it has come to its end is done all the same: the audit cannot be cancelled', async () => {
    spine.tools.answer('audit.append', async () => {
      await handle.cancel();
      return { sequence: 1, hash: 'a'.repeat(64), previous: '0'.repeat(64) };
    });
    await start();
    expect(await handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(spine.tools.order.filter((tool) => tool === 'audit.append')).toHaveLength(1);
  });
});
