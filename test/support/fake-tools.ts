import type { CallOptions, ToolAnswer, ToolClient } from '../../activities/tool-client.ts';
import { digestOf } from '../../contracts/digest.ts';
import { Failed, fail } from '../../contracts/failures.ts';
import type { Tool, ToolOutput } from '../../contracts/tool.ts';

type Call = Record<string, unknown>;
type Answer = (call: Call, times: number) => Call | Failed | Promise<Call>;

interface Done {
  readonly answer: Call;
  readonly call: Call;
  readonly run: string | undefined;
}

export interface MadeCall {
  readonly tool: string;
  readonly key: string;
  readonly call: Call;
}

const slots = ['2026-12-01T09:00:00Z', '2026-12-02T14:00:00Z'];
const hash = 'a'.repeat(64);

const customer = { customerId: 'C-1', name: 'Ana Novak', company: null, email: 'ana@north.example', status: 'lead' };

/** What each tool answers when all is well. */
const ANSWERS: Record<string, (call: Call) => Call> = {
  'crm.lookup_customer': ({ requestId }) => ({ requestId, found: 'one', customer, candidates: ['C-1'] }),
  'identity.verify': ({ customerId }) => ({
    checkId: 'K-1',
    subjectId: customerId,
    checkedAt: new Date().toISOString(),
    origin: 'live',
    match: 'match',
    validUntil: '2099-01-01',
    ageYears: 34,
  }),
  'accounts.create': ({ customerId, plan }) => ({ accountId: 'A-1', customerId, plan, openSlots: slots }),
  'accounts.close': ({ requestId }) => ({ requestId, accountId: 'A-1', state: 'closed' }),
  'documents.generate': ({ accountId }) => ({ documentId: `sha256-${hash}`, accountId, bytes: 1000, pages: 1 }),
  'email.send': () => ({ messageId: 'm-1', acceptedAt: new Date().toISOString() }),
  'calendar.book': ({ startsAt }) => ({ eventId: 'e-1', startsAt }),
  'notifications.post': ({ channel }) => ({ notificationId: 'n-1', channel }),
  'notifications.mail': ({ recipients }) => ({
    messageId: 'n-2',
    acceptedAt: new Date().toISOString(),
    accepted: (recipients as string[]).length,
  }),
  'audit.append': () => ({ sequence: 1, hash, previous: '0'.repeat(64) }),
  'audit.list': () => ({ decisions: [], more: false }),
  'escalations.open': ({ queue }) => ({ escalationId: 'x-1', queue }),
  'tickets.receive': ({ messageDigest }) => ({
    messageDigest,
    ticketId: `tkt-${String(messageDigest).slice(0, 12)}`,
    state: 'new',
    destination: null,
  }),
  'tickets.classify': (call) => call,
  'tickets.assign': ({ ticketId, destination, priority }) => ({ ticketId, destination, priority }),
  'tickets.correct': ({ ticketId, to }) => ({ ticketId, destination: to }),
};

/**
 * Tools in memory. They keep the promises of real ones: arguments and answers fit the contract, a key has one effect,
 * and other guarded arguments under the same key are an error. A test may have any of them answer otherwise.
 */
export class FakeTools implements ToolClient {
  readonly calls: MadeCall[] = [];
  readonly effects: MadeCall[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #done = new Map<string, Done>();

  /** Replaces a tool's answer; return a Failed to have the call fail. */
  answer(tool: string, answer: Answer): this {
    this.#answers.set(tool, answer);
    return this;
  }

  /** Forgets what was called and how to answer otherwise; what was done stays done. */
  reset(): void {
    this.calls.length = 0;
    this.effects.length = 0;
    this.#answers.clear();
  }

  async call<T extends Tool>(
    tool: T,
    call: Call,
    { key, run }: Pick<CallOptions, 'key' | 'run'>,
  ): Promise<ToolAnswer<T>> {
    const made = { tool: tool.name, key, call };
    this.calls.push(made);
    if (!tool.input.safeParse(call).success) throw new Failed(fail('ToolRejected', `${tool.name} refused the call.`));
    const earlier = this.#done.get(key);
    if (earlier) return replay(tool, call, earlier, run);
    const times = this.calls.filter((each) => each.tool === tool.name).length;
    const answer = await (this.#answers.get(tool.name) ?? ANSWERS[tool.name])?.(call, times);
    if (!answer) throw new Failed(fail('ToolMissing', `No tool ${tool.name}.`));
    if (answer instanceof Failed) throw answer;
    const parsed = tool.output.safeParse(answer);
    if (!parsed.success)
      throw new Failed(
        fail('BadAnswer', `${tool.name} broke its contract.`, { field: parsed.error.issues[0]?.path.join('.') }),
      );
    this.#done.set(key, { answer, call, run });
    if (tool.kind === 'effect') this.effects.push(made);
    return { answer: answer as ToolOutput<T>, replayed: false };
  }

  async close(): Promise<void> {}

  /** Names of the tools called, in order. */
  get order(): string[] {
    return this.calls.map(({ tool }) => tool);
  }
}

function replay<T extends Tool>(tool: T, call: Call, earlier: Done, run: string | undefined): ToolAnswer<T> {
  const guarded = (of: Call) => digestOf(tool.guarded.map((name) => of[name] ?? null));
  if (guarded(call) !== guarded(earlier.call))
    throw new Failed(fail('KeyReused', `${tool.name} knows this key with other arguments.`));
  const others = earlier.run === run ? {} : { ofAnotherRun: true as const };
  return { answer: earlier.answer as ToolOutput<T>, replayed: true, call: earlier.call, ...others };
}
