import type { WorkflowHandle } from '@temporalio/client';
import { expect } from 'vitest';
import { type Said, signAnswer } from '../../client/answering.ts';
import { sendAnswer } from '../../client/send-answer.ts';
import { answerDigest, YES_VERDICTS } from '../../contracts/answer-token.ts';
import type { Person } from '../../contracts/directory.ts';
import type { AnswerInput, OpenRequest } from '../../contracts/messages.ts';
import type { Policy } from '../../contracts/policy.ts';
import { type AnswerSigner, openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { answerKeys, type Signed } from './answer-keys.ts';
import { onboarding, PLAN, says } from './cases.ts';
import { fakeRelease, POLICY } from './fake-release.ts';
import { openRequest, type Spine, startSpine, status } from './spine.ts';

export const STAFF: Person[] = [
  { person: 'carla', roles: ['compliance'], aliases: ['carla.rossi', 'josé'] },
  { person: 'cleo', roles: ['compliance'], aliases: [] },
  { person: 'omar', roles: ['operations'], aliases: [] },
  { person: 'ottilie', roles: ['operations'], aliases: [] },
  { person: 'sam', roles: ['support-lead'], aliases: ['sammy'] },
  { person: 'mia', roles: ['manager'], aliases: [] },
];

export const HOUR_MS = 3_600_000;

/** Somebody who is away for these hours from now on, and who stands in. */
export const away = (from: number, to: number, delegate: string): Pick<Person, 'away'> => {
  const instant = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();
  return { away: [{ from: instant(from), to: instant(to), delegate }] };
};

export const proposalLadder = (...proposal: Policy['ladders']['proposal']): Partial<Policy> => ({
  ladders: { ...POLICY.ladders, proposal },
});

export interface OpenOptions {
  readonly policy?: Partial<Policy>;
  readonly input?: Record<string, unknown>;
  readonly memo?: Record<string, unknown>;
  readonly people?: readonly Person[];
  readonly workflowId?: string;
}

/** Any message of an answer, also such as no sender of ours makes. */
export type Message = Record<string, unknown>;

/** A running case that is asked for a yes to its account, and whoever attacks it; answers count if they are signed. */
export class AttackedCase {
  readonly spine: Spine;
  readonly keys: ReturnType<typeof answerKeys>;
  readonly #signer: AnswerSigner;
  /** What was sent, and what of it was not refused as it should be. */
  sent = 0;
  readonly astray: string[] = [];
  handle!: WorkflowHandle;
  /** As it was when the case opened. */
  request!: OpenRequest;

  constructor(spine: Spine, keys: ReturnType<typeof answerKeys>) {
    this.spine = spine;
    this.keys = keys;
    this.#signer = openAnswerSigner(keys.signing);
  }

  /** A case of its own, that waits. */
  async open({ policy, input = {}, memo, people = STAFF, workflowId }: OpenOptions = {}): Promise<OpenRequest> {
    this.spine.reset(fakeRelease(policy ? { policy } : {}));
    this.staff(people);
    this.spine.models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));
    const id = workflowId ?? `attacked-${Math.random().toString(36).slice(2, 12)}`;
    this.handle = await this.spine.client.workflow.start('onboardCustomer', {
      taskQueue: this.spine.taskQueue,
      workflowId: id,
      args: [onboarding(input)],
      ...(memo ? { memo } : {}),
    });
    return this.opened(this.handle);
  }

  /** Goes on with a case that somebody else has started. */
  async opened(handle: WorkflowHandle): Promise<OpenRequest> {
    this.handle = handle;
    this.request = await openRequest(handle);
    return this.request;
  }

  /** From now on these are the people of the house. */
  staff(people: readonly Person[]): void {
    this.spine.people.splice(0, this.spine.people.length, ...structuredClone([...people]));
  }

  async now(): Promise<OpenRequest> {
    return (await status(this.handle)).waiting[0] ?? this.request;
  }

  /** A whole answer with a signature that holds, by whomever and about whatever: more than the API would sign. */
  async sign(
    by: string,
    said: Said,
    change: Partial<Signed> = {},
    request: OpenRequest = this.request,
  ): Promise<AnswerInput> {
    const { approval, step, digest, grant, role } = request;
    const answer = { ...said, approval, by, digest };
    const known = this.spine.people.find(({ person }) => person === by);
    const carried = grant && YES_VERDICTS.includes(said.verdict) ? { grant: { ...grant } } : {};
    const token = await this.#signer.sign({
      sub: by,
      role: known?.roles[0] ?? role,
      case: this.handle.workflowId,
      step,
      approval,
      digest,
      verdict: said.verdict,
      answer: answerDigest(answer),
      ...carried,
      ...change,
    });
    return { ...answer, token };
  }

  /** An answer as the desk makes it. */
  async legitimate(by: string, said: Said): Promise<AnswerInput> {
    return signAnswer(this.#signer, this.spine.people, by, this.handle.workflowId, await this.now(), said);
  }

  /** What the sender of an Update hears. */
  heard(message: Message): Promise<string> {
    return sendAnswer(this.handle, message as AnswerInput).then(
      (reply) => (reply.accepted ? 'accepted' : (reply.why ?? 'refused without a word')),
      (error: Error) => (error.cause instanceof Error ? error.cause.message : error.message),
    );
  }

  /** Sends a legitimate answer that has to be taken. */
  async take(by: string, said: Said): Promise<AnswerInput> {
    const answer = await this.legitimate(by, said);
    expect(await this.heard(answer)).toBe('accepted');
    return answer;
  }

  /** One attack, by Signal and by Update: it has to be refused for this reason, and the case to be as it was. */
  async attack(what: string, message: Message | Promise<Message>, why: RegExp): Promise<void> {
    const sends = await message;
    const before = await this.#mark();
    this.sent += 1;
    await this.handle.signal('answer', sends);
    const heard = await this.heard(sends);
    if (!why.test(heard)) this.astray.push(`${what}: ${heard}`);
    const after = await this.#mark();
    if (after !== before) this.astray.push(`${what}: the case has changed from ${before} to ${after}`);
  }

  async attacks(table: readonly (readonly [what: string, message: Message | Promise<Message>, why: RegExp])[]) {
    for (const [what, message, why] of table) await this.attack(what, message, why);
  }

  /** All that an answer could change. */
  async #mark(): Promise<string> {
    const { waiting, stage, outcome } = await status(this.handle);
    const seen = waiting.map(({ approval, digest, role, yeses, claimedBy, held, remarks, barred }) => ({
      approval,
      digest: digest.slice(0, 8),
      role,
      yeses,
      claimedBy,
      held,
      barred,
      remarks: remarks.length,
    }));
    return JSON.stringify({ stage: waiting.length > 0 ? stage : 'on', outcome, seen });
  }

  /** The account that was opened, and how often. */
  get created(): readonly Message[] {
    return this.spine.tools.effects.filter(({ tool }) => tool === 'accounts.create').map(({ call }) => call);
  }

  /** The case is not wedged: a yes that is one goes through, with one effect, and is the only answer on record. */
  async goesOn(by: string, change: Message = {}): Promise<void> {
    expect(this.created).toEqual([]);
    const { call } = await this.now();
    await this.take(by, { verdict: 'approve' });
    expect(await this.handle.result()).toMatchObject({ outcome: 'onboarded' });
    expect(this.created).toEqual([{ ...call, ...change }]);
    expect(this.answers.at(-1)).toMatchObject({ by, verdict: 'approve', identity: 'signed' });
  }

  /** Who let the account be opened, as the record has it. A task that a busy machine does twice writes its line twice. */
  get answers() {
    const { workflowId } = this.handle;
    const all = this.spine.decisions
      .filter(({ agent, caseId }) => agent === 'createAccount' && caseId === workflowId)
      .flatMap(({ answers }) => answers);
    const said = ({ approval, by, verdict }: (typeof all)[number]) => `${approval} ${by} ${verdict}`;
    return [...new Map(all.map((answer) => [said(answer), answer])).values()];
  }

  /** No attack came through, and there were enough of them. */
  noneAccepted(least = 20): void {
    const { sent } = this;
    this.sent = 0;
    expect(this.astray.splice(0)).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(least);
  }
}

/** Starts the house of a test file: its keys, and a worker that believes nothing that is not signed with them. */
export async function startAttacked(people: readonly Person[] = STAFF): Promise<AttackedCase> {
  const keys = answerKeys();
  const spine = await startSpine({
    people: structuredClone([...people]),
    answers: openAnswerVerifier(keys.public),
  });
  return new AttackedCase(spine, keys);
}
