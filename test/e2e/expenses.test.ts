import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';

/** On real tools and the released policy. */
describe('an expense report', () => {
  let rig: Rig;
  const input = exampleInput('clean', 'expenses') as Record<string, unknown>;
  const start = (workflowId: string, change: Record<string, unknown> = {}): Promise<WorkflowHandle> =>
    rig.client.workflow.start('approveExpense', {
      taskQueue: 'governor',
      workflowId,
      args: [{ ...input, ...change }],
    });

  beforeAll(async () => {
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath') });
    await rig.startWorker();
  });
  afterAll(() => rig?.stop());

  it('is paid once, whoever starts it again, in few events and few bytes (PF-39, PF-46)', async () => {
    const first = await start('expense-first');
    const result = await first.result();
    expect(result).toMatchObject({ outcome: 'reimbursed', tier: 'automatic', totalMinor: 49_999 });
    expect(await (await start('expense-second')).result()).toEqual(result);
    const { exports, audit } = await rig.counts();
    expect(exports).toMatchObject([{ requestId: 'exp-clean', key: 'approveExpense:exp-clean:reimburseExpense' }]);
    expect(audit.map(({ outcome }) => outcome)).toEqual(['reimbursed', 'reimbursed']);
    const { events = [] } = await first.fetchHistory();
    expect(events?.length).toBeLessThanOrEqual(20 + 6 * 6);
    const bytes = (await first.describe()).raw.workflowExecutionInfo?.historySizeBytes?.toNumber() ?? 0;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(30_000);
  });

  it('that claims the same again under another id is refused by the rules (DUPL-2)', async () => {
    const again = await start('expense-again', { requestId: 'exp-again' });
    expect(await again.result()).toMatchObject({
      outcome: 'refused',
      lines: [{ decision: 'refused', decidedBy: 'policy', rules: ['TRVL-1', 'DUPL-2'] }],
    });
    expect((await rig.counts()).exports).toHaveLength(1);
  });

  it('that was refused can be sent again, put right, and is no duplicate of itself', async () => {
    const lines = (input['lines'] as Record<string, unknown>[]).map(
      (line): Record<string, unknown> => ({
        ...line,
        merchant: 'Mint Cabs',
        date: '2026-01-05',
        memo: 'parking fine',
      }),
    );
    const report = {
      employee: 'somebody',
      requestedBy: 'somebody',
      lines: lines.map(({ receipt: _none, ...line }) => ({ ...line, amountMinor: 900 })),
    };
    expect(await (await start('expense-wrong', { ...report, requestId: 'exp-wrong' })).result()).toMatchObject({
      outcome: 'refused',
    });
    const right = { ...report, lines: report.lines.map((line) => ({ ...line, memo: 'taxi to the client' })) };
    const corrected = await start('expense-right', { ...right, requestId: 'exp-right', corrects: 'exp-wrong' });
    expect(await corrected.result()).toMatchObject({ outcome: 'reimbursed', totalMinor: 900 });
  });
});
