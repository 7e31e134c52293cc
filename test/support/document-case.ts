import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { OpenRequest } from '../../contracts/messages.ts';
import { until } from './cases.ts';
import { FakeTools } from './fake-tools.ts';
import { answerPapers, documentRelease, subject } from './paper-desk.ts';
import { type Spine, startSpine, status } from './spine.ts';

/** An input that runs clean; each has a reference of its own. */
export const documentRequest = (change: Record<string, unknown> = {}) => ({
  requestId: `D-${randomUUID().slice(0, 8)}`,
  requestedBy: 'dario',
  doc_id: 'INV-2044',
  note: 'An invoice for chairs. Please approve the invoice.',
  ...change,
});

/** What the store says of a document that one, two in sequence, or two of three people approve. */
export const small = { subject: { ...subject, amountMinor: 90_000 } };
export const large = { subject: { ...subject, amountMinor: 2_000_000 } };

/** The spine with the approval desk's tools and policy. */
export async function startDocumentSpine() {
  const tools = new FakeTools();
  const spine: Spine = await startSpine({ tools, release: documentRelease() });
  /** A fresh case, of a document that the store knows as `change` says. */
  const startCase = async (
    change: Record<string, unknown> = {},
    input: Record<string, unknown> = {},
    release = documentRelease(),
  ): Promise<WorkflowHandle> => {
    spine.reset(release);
    answerPapers(tools, change);
    return spine.start('approveDocument', documentRequest(input));
  };
  /** Of which states people were told, in order. */
  const states = (): (string | undefined)[] =>
    tools.effects.filter(({ tool }) => tool === 'documents.notify_stakeholders').map(({ key }) => key.split(':')[3]);
  return { spine, tools, startCase, states };
}

export const amend = (handle: WorkflowHandle, doc_id: string) => handle.executeUpdate('amend', { args: [{ doc_id }] });

export const takeBack = (handle: WorkflowHandle, by: string, reason?: string) =>
  handle.executeUpdate('void', { args: [{ by, reason }] });

/** Why a case would not take what it was told. */
export const why = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'taken',
    (error: { cause?: Error }) => error.cause?.message ?? String(error),
  );

export async function waitingAre(handle: WorkflowHandle, count: number): Promise<OpenRequest[]> {
  await until(async () => (await status(handle)).waiting.length === count);
  return [...(await status(handle)).waiting];
}
