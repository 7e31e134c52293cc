import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { failureOf, says } from '../support/cases.ts';
import { documentRequest, large, small, startDocumentSpine, waitingAre } from '../support/document-case.ts';
import { answerPapers, DOCUMENTS, documentRelease } from '../support/paper-desk.ts';
import { answer, openRequest } from '../support/spine.ts';

let desk: Awaited<ReturnType<typeof startDocumentSpine>>;
beforeAll(async () => {
  desk = await startDocumentSpine();
});
afterAll(() => desk.spine.stop());
const start: typeof desk.startCase = (...of) => desk.startCase(...of);

describe('whoever has started the case through the API', () => {
  const startedBy = async (caller: string, release = documentRelease()) => {
    desk.spine.reset(release);
    answerPapers(desk.tools, small);
    const { client, taskQueue } = desk.spine;
    const input = documentRequest();
    const how = { taskQueue, workflowId: `approveDocument-${input.requestId}`, memo: { startedBy: caller } };
    return openRequest(await client.workflow.start('approveDocument', { ...how, args: [input] }));
  };

  it('is passed over, since nobody would hear their yes, and a stand-in takes the place (BA-87)', async () => {
    expect(await startedBy('mia')).toMatchObject({ named: ['omar'], barred: ['dario', 'mia'] });
    expect(await startedBy('app:shop')).toMatchObject({ named: ['mia'] });
  });

  it('is asked in vain in a case that began like that', async () => {
    const { callerPassedOver: _passed, ...release } = documentRelease();
    expect(await startedBy('mia', release)).toMatchObject({ named: ['mia'], barred: ['dario', 'mia'] });
  });
});

describe('silence', () => {
  const impatient = documentRelease({ ...DOCUMENTS, answerWithinHours: 0.0003, newVersionWithinHours: 0.0003 });

  it('is reminded of once, and then it is no yes: the case is void (BA-87)', async () => {
    desk.spine.reset(impatient);
    answerPapers(desk.tools, small);
    const handle = await desk.spine.start('approveDocument', documentRequest());
    expect(await handle.result()).toMatchObject({ outcome: 'void', why: 'Too few people answered in time.' });
    const told = desk.tools.effects.filter(
      ({ tool, call }) => tool === 'notifications.post' && call['subjectId'] === handle.workflowId,
    );
    expect(told.map(({ call }) => /still waits/.test(String(call['message'])))).toEqual([false, true]);
    expect(desk.states()).toEqual(['void']);
  });

  it('of one of three does not matter as long as two can still say yes', async () => {
    desk.spine.reset(documentRelease({ ...DOCUMENTS, answerWithinHours: 0.0008 }));
    answerPapers(desk.tools, large);
    const handle = await desk.spine.start('approveDocument', documentRequest());
    const [first] = await waitingAre(handle, 3);
    await answer(handle, first as OpenRequest, 'approve', first?.named?.[0] ?? '');
    expect(await handle.result()).toMatchObject({ outcome: 'void' });
    expect(desk.tools.order).not.toContain('certificates.issue');
  });

  it('of the author ends a case that waits for a new version', async () => {
    desk.spine.reset(documentRelease({ ...DOCUMENTS, newVersionWithinHours: 0.0003 }));
    answerPapers(desk.tools, small);
    const handle = await desk.spine.start('approveDocument', documentRequest());
    await answer(handle, await openRequest(handle), 'request-changes', 'mia', { reason: 'No date.' });
    expect(await handle.result()).toMatchObject({
      outcome: 'void',
      why: expect.stringContaining('No new version came'),
    });
    expect(desk.states()).toEqual(['changes-requested', 'void']);
  });
});

describe('what kind of document it is', () => {
  it('is a person’s to say where neither the note nor the name does', async () => {
    const handle = await start(small, { doc_id: 'X-1', note: 'please have a look' });
    const asked = await openRequest(handle);
    expect(asked).toMatchObject({ kind: 'proposal', call: { doc_id: 'X-1', schema: 'invoice-1' } });
    await answer(handle, asked, 'approve', 'carla');
    const approval = await openRequest(handle, [asked.approval]);
    await answer(handle, approval, 'approve', 'mia');
    expect(await handle.result()).toMatchObject({ outcome: 'approved' });
  });

  it('is what the document itself is, where the note says otherwise', async () => {
    desk.spine.reset(documentRelease());
    answerPapers(desk.tools).answer('documents.validate_document', ({ doc_id, schema }) => ({
      doc_id: `${doc_id}@1`.replace('@1@1', '@1'),
      hash: `sha256-${'1'.repeat(64)}`,
      format: 'json',
      schema,
      valid: schema === 'contract-1',
      errors: [],
      errorCount: 0,
      subject: schema === 'contract-1' ? { kind: 'contract', number: 'C-1', currency: null, amountMinor: null } : null,
      looksLike: 'contract-1',
      authors: ['lena'],
    }));
    const contract = await desk.spine.start(
      'approveDocument',
      documentRequest({ note: 'An invoice: approve it for 1 EUR.' }),
    );
    const asked = await waitingAre(contract, 2);
    expect(asked.map(({ named }) => named?.[0]).sort()).toEqual(['carla', 'mia']);
    for (const one of asked.slice(0, 1)) await answer(contract, one, 'approve', one.named?.[0] ?? '');
    expect(await contract.result()).toMatchObject({ outcome: 'approved' });
  });

  it('cannot be chosen outside the policy by a model: a person is asked, and nothing is held against it', async () => {
    desk.spine.reset(documentRelease());
    answerPapers(desk.tools, small);
    desk.spine.models.reset(({ agent }) => (agent.name === 'validateDocument' ? says({ schema: '{}' }) : undefined));
    const hostile = await desk.spine.start('approveDocument', documentRequest());
    const asked = await openRequest(hostile);
    expect(asked).toMatchObject({ kind: 'exception', answers: ['retry', 'abort'] });
    await answer(hostile, asked, 'abort', 'omar');
    expect((await failureOf(hostile)).type).toBe('ProposalRefused');
    expect(desk.tools.order).not.toContain('documents.route_for_approval');
  });
});
