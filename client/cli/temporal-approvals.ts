import { type Client, isGrpcServiceError } from '@temporalio/client';
import { z } from 'zod';
import type { Person } from '../../contracts/directory.ts';
import type { AnswerInput, CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { NotAsked, type Signer, signAnswer } from '../answering.ts';
import type { Governor } from '../index.ts';
import { type ApprovalDesk, type Decided, NotOpen, TO_NOTHING, type Waiting } from './approval-desk.ts';
import { openCaseDesk } from './case-desk.ts';
import { ourCommand, shellWord } from './shell.ts';
import { Refused } from './words.ts';

/** Who answers, and what signs in their name. */
export interface Speaker {
  readonly person: string;
  readonly signer: Signer;
}

export interface TemporalApprovalParts {
  readonly client: Client;
  readonly governor: Governor;
  directory(): Promise<readonly Person[]>;
  /** Who answers this request; throws in words where nobody is believed. */
  speaker(request: OpenRequest): Promise<Speaker>;
  /** How the Temporal CLI is called here, and how it finds the server. */
  readonly cli: { readonly program: string; readonly options: readonly string[] };
}

/** Requests as the server shows them, and answers sent to it: with Temporal and the keys, nothing else is needed. */
export function openTemporalApprovals(parts: TemporalApprovalParts): ApprovalDesk {
  const { client, governor } = parts;
  const cases = openCaseDesk({ client, governor });
  const signed = async ({ case: caseId, request, said }: Decided): Promise<AnswerInput> => {
    const { person, signer } = await parts.speaker(request);
    return signAnswer(signer, await parts.directory(), person, caseId, request, said).catch(asRefused);
  };
  return {
    list: () => listWaiting(client),
    show: async (caseId, approval) => {
      const found = await cases.find(caseId);
      const status = await cases.status(found);
      if (!status) throw new Refused(`No worker answers for ${caseId}. See: ${ourCommand('doctor')}`);
      const request = status.waiting.find((each) => each.approval === approval);
      if (!request) throw new NotOpen(`${caseId} has no open request ${approval}. ${insteadOf(status)}`);
      return { case: found.workflowId, process: found.process, request };
    },
    tooLate: async (caseId, approval) => {
      const found = await cases.find(caseId);
      if (found.state !== 'RUNNING') return undefined;
      const { decidedBy, why } = await governor.answer(found, { ...TO_NOTHING, approval, by: 'nobody' });
      return decidedBy ? why : undefined;
    },
    answer: async (decided) => {
      const input = await signed(decided);
      return governor.answer(await cases.find(decided.case), input);
    },
    sign: async (decided) => signalCommand(parts.cli, decided.case, await signed(decided)),
  };
}

function asRefused(error: unknown): never {
  throw error instanceof NotAsked ? new Refused(error.message) : error;
}

function insteadOf({ waiting, outcome }: CaseStatus): string {
  if (waiting.length > 0) return `Open are: ${waiting.map((each) => each.approval).join(', ')}.`;
  return outcome ? `It has ended: ${outcome}.` : 'It waits for nobody.';
}

/** Ready to be pasted: one Signal, with the answer and its token as one word. */
export function signalCommand(
  { program, options }: TemporalApprovalParts['cli'],
  caseId: string,
  input: AnswerInput,
): string {
  const words = ['workflow', 'signal', '--workflow-id', caseId, '--name', 'answer', '--input', JSON.stringify(input)];
  return [program, ...words, ...options].map(shellWord).join(' ');
}

/** What a memo may hold: cases that began under older code show less. */
const Summary = z.looseObject({
  approval: z.string(),
  kind: z.enum(['proposal', 'finding', 'exception', 'budget', 'confirmation', 'shortage', 'approval']),
  role: z.string(),
  asks: z.string(),
  due: z.string(),
  digest: z.string(),
});
const Summaries = z.array(Summary);

/** Everything that waits, from the server's list of runs: no worker is asked. */
export async function listWaiting(client: Client): Promise<Waiting[]> {
  const waiting = `${SEARCH_ATTRIBUTES.stage.name} = "waiting" AND ExecutionStatus = "Running"`;
  const found = await gather(client, waiting).catch((error: unknown) => {
    // A server that does not know our attributes still has the memos.
    if (isGrpcServiceError(error)) return gather(client, 'ExecutionStatus = "Running"');
    throw error;
  });
  return found.sort((one, other) => one.until.localeCompare(other.until));
}

async function gather(client: Client, query: string): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for await (const { workflowId, type, memo, startTime } of client.workflow.list({ query })) {
    const summaries = Summaries.safeParse(memo?.['waiting'] ?? []);
    const base = { case: workflowId, process: type, askedAt: startTime.toISOString() };
    for (const each of summaries.data ?? []) found.push({ ...OLD, ...base, until: each.due, ...each } as Waiting);
  }
  return found;
}

/** What the memos of older code do not say. */
const OLD = { subject: '', tier: '', rule: '', risk: 'medium', barred: [] };
