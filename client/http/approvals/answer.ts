import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ANSWER, type AnswerInput, type AnswerReply, type OpenRequest } from '../../../contracts/messages.ts';
import { NotAsked, signAnswer } from '../../answering.ts';
import type { CaseRun } from '../../index.ts';
import { updateWithAnswer } from '../../send-answer.ts';
import { callerName, type Principal } from '../access/principal.ts';
import type { AnswerBody } from '../inputs.ts';
import type { HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { mayAnswer } from './may-answer.ts';
import { findRequest, noSuchRequest, type Target, tooLate } from './open-request.ts';

/**
 * Answers in the name of the caller, signed where this installation has keys.
 * @returns what the case says to it beside that it took it
 * @throws Problem 403 for who is not asked, 404, 409 where somebody was faster or the request is another by now, 422
 */
export async function answer(
  parts: HttpParts,
  principal: Principal,
  target: Target,
  body: AnswerBody,
): Promise<{ readonly accepted: true; readonly why?: string }> {
  const { found, request } = await findRequest(parts, principal, target, 'approvals.answer');
  const input = request
    ? await prepare(parts, principal, target, request, body)
    : { ...body, approval: target.approval, by: callerName(principal) };
  const reply = await send(parts, found, input);
  if (!reply) throw await tooLate(parts, principal, target);
  if (!reply.accepted) throw notTaken(reply);
  return { accepted: true, ...(reply.why ? { why: reply.why } : {}) };
}

/** The same answer as a token, and as the line that sends it past this API. */
export async function sign(
  parts: HttpParts,
  principal: Principal,
  target: Target,
  body: AnswerBody,
): Promise<{ readonly token: string; readonly command: string }> {
  const { status, request } = await findRequest(parts, principal, target, 'approvals.sign');
  if (!request) throw noSuchRequest(status);
  const input = await prepare(parts, principal, target, request, body);
  if (!input.token)
    throw new Problem('not-now', 'This installation has no keys to sign with. Set ANSWER_SIGNING_KEY_FILE.');
  const name = `--workflow-id ${inShell(target.case)} --name ${ANSWER}`;
  return { token: input.token, command: `temporal workflow signal ${name} --input ${inShell(JSON.stringify(input))}` };
}

/** As one word of a shell. */
const inShell = (text: string): string => (/^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** What can be told from here is told from here, in the caller's words; the case looks at all of it again. */
async function prepare(
  { people, signer }: HttpParts,
  principal: Principal,
  target: Target,
  request: OpenRequest,
  { digest, ...said }: AnswerBody,
): Promise<AnswerInput> {
  if (!request.digest.startsWith(digest))
    throw new Problem('changed', 'The request is not the one that you have read. Read it again, and answer that one.');
  const person = callerName(principal);
  const directory = await people();
  const { may, whyNot = '' } = mayAnswer(directory, person, request);
  if (!may && said.verdict !== 'inform' && said.verdict !== 'escalate') throw new Problem('not-yours', whyNot);
  if (!signer) return { ...said, approval: target.approval, by: person, digest: request.digest };
  try {
    return await signAnswer(signer, directory, person, target.case, request, said);
  } catch (error) {
    if (error instanceof NotAsked) throw new Problem('not-yours', error.message);
    throw error;
  }
}

/** By Update, so that the case says whether it took it; nothing where the case came to its end meanwhile. */
async function send(
  { client }: HttpParts,
  { workflowId, runId }: CaseRun,
  input: AnswerInput,
): Promise<AnswerReply | undefined> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const deadline = Date.now() + UPDATE_PATIENCE_MS;
  try {
    return await client.withDeadline(deadline, () => updateWithAnswer(handle, input));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    if (!(error instanceof WorkflowUpdateFailedError)) throw error;
    if (error.cause instanceof ApplicationFailure && error.cause.type === COMPLETED) return undefined;
    throw refused(error.cause?.message ?? error.message);
  }
}

/** The server's word for a case that ended with the answer in its hands. */
const COMPLETED = 'AcceptedUpdateCompletedWorkflow';
const UPDATE_PATIENCE_MS = 10_000;

/** What the case objects to before it takes a message in. */
function refused(why: string): Problem {
  if (/^No such request/.test(why)) return new Problem('not-found', why);
  if (/digest/.test(why)) return new Problem('changed', why);
  return new Problem('invalid-fields', why);
}

function notTaken({ decidedBy, why = 'The case did not take it.' }: AnswerReply): Problem {
  if (decidedBy) return new Problem('already-decided', why, { decidedBy });
  return new Problem('not-taken', why);
}
