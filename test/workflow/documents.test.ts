import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { failureOf, until } from '../support/cases.ts';
import {
  amend,
  documentRequest,
  large,
  small,
  startDocumentSpine,
  takeBack,
  waitingAre,
  why,
} from '../support/document-case.ts';
import { documentRelease } from '../support/paper-desk.ts';
import { answer, openRequest, status } from '../support/spine.ts';

let desk: Awaited<ReturnType<typeof startDocumentSpine>>;
beforeAll(async () => {
  desk = await startDocumentSpine();
});
afterAll(() => desk.spine.stop());
const start: typeof desk.startCase = (...of) => desk.startCase(...of);

describe('a document that fits its schema', () => {
  it('is put before the one whom the matrix names, and ends with a certificate of its content (DA-24, DA-25, DA-26)', async () => {
    const handle = await start(small);
    const asked = await openRequest(handle);
    expect(asked).toMatchObject({
      kind: 'approval',
      named: ['mia'],
      answers: ['approve', 'decline', 'request-changes'],
      call: { doc_id: 'INV-2044@1', document: '{ "number": "R-77" }', comparedWith: null },
    });
    expect(asked.asks).toContain('900.00 EUR');
    await answer(handle, asked, 'approve', 'mia');
    expect(await handle.result()).toMatchObject({
      outcome: 'approved',
      doc_id: 'INV-2044@1',
      hash: `sha256-${'1'.repeat(64)}`,
      certificate: { certificateId: 'cert-0123456789ab', approvals: [{ approver_id: 'mia', at: expect.any(String) }] },
    });
    expect(desk.tools.order.filter((tool) => tool !== 'notifications.post')).toEqual([
      'documents.validate_document',
      'documents.route_for_approval',
      'certificates.issue',
      'documents.notify_stakeholders',
      'audit.append',
    ]);
    expect(desk.spine.models.calls.map(({ agent }) => agent)).toEqual([
      'validateDocument',
      'notifyStakeholders',
      'writeAudit',
    ]);
  });

  it('is put before several in sequence: nobody is asked before the one before them has said yes', async () => {
    const handle = await start();
    const first = await openRequest(handle);
    expect((await status(handle)).waiting.map(({ named }) => named)).toEqual([['mia']]);
    await answer(handle, first, 'approve', 'mia');
    const second = await openRequest(handle, [first.approval]);
    expect(second.named).toEqual(['carla']);
    await answer(handle, second, 'approve', 'carla');
    const result = (await handle.result()) as { certificate: { approvals: { approver_id: string }[] } };
    expect(result.certificate.approvals.map(({ approver_id }) => approver_id)).toEqual(['mia', 'carla']);
  });

  it('is approved by two of three, and the third is not waited for', async () => {
    const handle = await start(large);
    const asked = await waitingAre(handle, 3);
    expect(asked[0]?.asks).toContain('2 of 3');
    for (const one of asked.slice(0, 2)) await answer(handle, one, 'approve', one.named?.[0] ?? '');
    expect(await handle.result()).toMatchObject({ outcome: 'approved', certificate: { approvals: [{}, {}] } });
  });

  it('is not approved by one person twice, by somebody else, or in somebody’s place', async () => {
    const handle = await start(large, { requestedBy: 'dario' });
    const asked = await waitingAre(handle, 3);
    const ofMia = asked.find(({ named }) => named?.[0] === 'mia') as OpenRequest;
    const ofOmar = asked.find(({ named }) => named?.[0] === 'omar') as OpenRequest;
    await answer(handle, ofMia, 'approve', 'mia');
    expect(await why(answer(handle, ofOmar, 'approve', 'mia'))).toContain('Only omar may answer this');
    expect(await answer(handle, ofMia, 'approve', 'mia')).toMatchObject({ accepted: false, decidedBy: 'mia' });
    await answer(handle, ofOmar, 'decline', 'omar', { reason: 'twice billed' });
    await handle.result();
  });
});

describe('a no', () => {
  it('ends it with its reason, though others had said yes', async () => {
    const handle = await start(large);
    const asked = await waitingAre(handle, 3);
    const [first, second] = asked as [OpenRequest, OpenRequest];
    await answer(handle, first, 'approve', first.named?.[0] ?? '');
    expect(await why(answer(handle, second, 'decline', second.named?.[0] ?? ''))).toContain('A no needs a reason');
    await answer(handle, second, 'decline', second.named?.[0] ?? '', { reason: 'We ordered two chairs, not ten.' });
    expect(await handle.result()).toMatchObject({
      outcome: 'declined',
      by: second.named?.[0],
      why: 'We ordered two chairs, not ten.',
    });
    expect(desk.tools.order).not.toContain('certificates.issue');
    expect(desk.states()).toEqual(['declined']);
  });

  it('comes from whoever asked for it as a void, with a reason and never without one', async () => {
    const handle = await start(small);
    await openRequest(handle);
    expect(await why(takeBack(handle, 'dario'))).toContain('reason');
    expect(await why(takeBack(handle, 'mia', 'I would rather not'))).toContain('Only whoever asked for it');
    await takeBack(handle, 'omar', 'The supplier is gone.');
    expect(await handle.result()).toMatchObject({ outcome: 'void', by: 'omar', why: 'The supplier is gone.' });
    expect(desk.states()).toEqual(['void']);
  });

  it('is a document that does not fit: nobody is asked, and what to put right is said (DA-28)', async () => {
    const errors = [{ path: '/total', problem: 'has to be number' }];
    const handle = await start({ valid: false, subject: null, errors, errorCount: 1, looksLike: null });
    expect(await handle.result()).toMatchObject({ outcome: 'invalid', errors });
    expect(desk.tools.order).not.toContain('documents.route_for_approval');
    expect(desk.states()).toEqual(['invalid']);
  });
});

describe('a new version', () => {
  it('voids the yes that was given, shows what differs, and is asked about anew', async () => {
    const handle = await start();
    const first = await openRequest(handle);
    await answer(handle, first, 'approve', 'mia');
    const second = await openRequest(handle, [first.approval]);
    await amend(handle, 'INV-2044@2');
    const again = await openRequest(handle, [first.approval, second.approval]);
    expect(again).toMatchObject({
      named: ['mia'],
      call: { doc_id: 'INV-2044@2', comparedWith: 'INV-2044@1', differences: ['/total was 100, is 120'] },
    });
    expect(await why(answer(handle, { ...again, digest: first.digest }, 'approve', 'mia'))).toContain('digest');
    expect(await answer(handle, second, 'approve', 'carla')).toMatchObject({ accepted: false });
    await answer(handle, again, 'approve', 'mia');
    const last = await openRequest(handle, [first.approval, second.approval, again.approval]);
    await answer(handle, last, 'approve', 'carla');
    expect(await handle.result()).toMatchObject({
      outcome: 'approved',
      doc_id: 'INV-2044@2',
      hash: `sha256-${'2'.repeat(64)}`,
    });
  });

  it('comes into the same case where changes are asked for, and people hear of each state once', async () => {
    const handle = await start(small);
    const first = await openRequest(handle);
    await answer(handle, first, 'request-changes', 'mia', { reason: 'The delivery date is missing.' });
    const waits = await openRequest(handle, [first.approval]);
    expect(waits).toMatchObject({
      named: ['omar'],
      answers: ['reject'],
      call: { by: 'mia', reason: 'The delivery date is missing.' },
    });
    await amend(handle, 'INV-2044@2');
    const again = await openRequest(handle, [first.approval, waits.approval]);
    await answer(handle, again, 'approve', 'mia');
    expect(await handle.result()).toMatchObject({ outcome: 'approved', doc_id: 'INV-2044@2' });
    expect(desk.states()).toEqual(['changes-requested', 'approved']);
  });

  it.each([
    ['another document', 'INV-9@2', 'another document'],
    ['the same version', 'INV-2044@1', 'comes after INV-2044@1'],
    ['no version', 'INV-2044', 'a version'],
  ])('is not %s', async (_, docId, said) => {
    const handle = await start(small);
    await openRequest(handle);
    expect(await why(amend(handle, docId))).toContain(said);
    await takeBack(handle, 'dario', 'done testing');
    await handle.result();
  });

  it('is taken as often as the policy says, and no oftener', async () => {
    const handle = await start(small);
    await openRequest(handle);
    await amend(handle, 'INV-2044@2');
    await amend(handle, 'INV-2044@3');
    await until(async () => (await status(handle)).waiting[0]?.call?.['doc_id'] === 'INV-2044@3');
    expect(await why(amend(handle, 'INV-2044@9'))).toMatch(/3 versions at most/);
    const [open] = (await status(handle)).waiting;
    await answer(handle, open as OpenRequest, 'request-changes', 'mia', { reason: 'Once more.' });
    expect(await handle.result()).toMatchObject({
      outcome: 'void',
      why: expect.stringContaining('No further version'),
    });
  });
});

describe('whoever wrote or sent a document', () => {
  it.each([
    ['the author', { authors: ['mia'] }, {}],
    ['the sender', {}, { requestedBy: 'mia' }],
    ['the author under another name', { authors: ['Mia'] }, {}],
  ])('is passed over, and a stand-in takes the place: %s', async (_, change, input) => {
    const handle = await start({ ...small, ...change }, input);
    const asked = await openRequest(handle);
    expect(asked.named).toEqual(['omar']);
    await answer(handle, asked, 'approve', 'omar');
    expect(await handle.result()).toMatchObject({ outcome: 'approved' });
  });

  it('leaves nobody to ask: somebody has to put the directory right, or it ends', async () => {
    const handle = await start({ ...small, authors: ['mia', 'omar'] });
    const asked = await openRequest(handle);
    expect(asked).toMatchObject({ kind: 'finding', answers: ['go-on', 'reject'] });
    await answer(handle, asked, 'reject', 'carla', { reason: 'nobody is left' });
    expect(await handle.result()).toMatchObject({ outcome: 'rejected' });
    expect(desk.tools.order).not.toContain('documents.route_for_approval');
  });
});

describe('what does not add up', () => {
  it('ends with WrongSubject where another content was routed than the one that was found valid', async () => {
    const handle = await start({ ...small, hash: `sha256-${'9'.repeat(64)}` });
    expect((await failureOf(handle)).type).toBe('WrongSubject');
  });

  it('ends with ReleaseBroken where the release says nothing about documents', async () => {
    const { documents: _gone, ...policy } = documentRelease().policy;
    desk.spine.reset({ ...documentRelease(), policy });
    const handle = await desk.spine.start('approveDocument', documentRequest());
    expect((await failureOf(handle)).type).toBe('ReleaseBroken');
  });

  it('ends with InvalidInput for an id that is none', async () => {
    const handle = await desk.spine.start('approveDocument', documentRequest({ doc_id: '../etc/passwd' }));
    expect((await failureOf(handle)).type).toBe('InvalidInput');
  });
});
