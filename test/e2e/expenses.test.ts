import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput } from '../support/examples.ts';
import { openRequest } from '../support/spine.ts';

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

  it('that claims the same again for the same person under another of their names is refused too (DUPL-2)', async () => {
    const lines = (input['lines'] as Record<string, unknown>[]).map(({ receipt: _none, ...line }) => ({
      ...line,
      merchant: 'Mint Cabs',
      date: '2026-02-05',
      memo: 'taxi to the client',
      amountMinor: 1900,
    }));
    const of = (requestId: string, employee: string) => ({ requestId, employee, requestedBy: 'assistant', lines });
    const first = await start('expense-of-marta', of('exp-marta-1', 'marta.lindqvist'));
    expect(await first.result()).toMatchObject({ outcome: 'reimbursed', totalMinor: 1900 });
    for (const alias of ['marta', ' MARTA '])
      expect(await (await start(`expense-of-${alias}`, of(`exp-${alias.trim()}`, alias))).result()).toMatchObject({
        outcome: 'refused',
        lines: [{ decidedBy: 'policy', rules: ['TRVL-1', 'DUPL-2'] }],
      });
  });

  it('of a sum that was split over two reports is a manager’s: both at once, and neither crosses by itself (SPLT-1)', async () => {
    const half = (requestId: string, date: string, total: string) => ({
      requestId,
      employee: 'splitter',
      requestedBy: 'assistant',
      lines: (input['lines'] as Record<string, unknown>[]).map((line) => ({
        ...line,
        date,
        merchant: 'Kestrel Air',
        memo: 'flight to the client',
        amountMinor: Math.round(Number(total) * 100),
        receipt: { text: `Kestrel Air\nDate: ${date}\nFlight\nTotal ${total} USD\n` },
      })),
    });
    const first = await start('expense-half', half('exp-half-1', '2026-03-10', '480.00'));
    expect(await first.result()).toMatchObject({ outcome: 'reimbursed', tier: 'automatic' });
    const second = await start('expense-other-half', half('exp-half-2', '2026-03-12', '470.00'));
    const request = await openRequest(second);
    expect(request).toMatchObject({ role: 'manager', asks: expect.stringContaining('SPLT-1') });
    await rig.answer(
      { workflowId: second.workflowId, runId: (await second.describe()).runId },
      request,
      'tomas.okonjo',
      {
        verdict: 'reject',
        reason: 'split',
      },
    );
    expect(await second.result()).toMatchObject({ outcome: 'refused', tier: 'manager' });
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
