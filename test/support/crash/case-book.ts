import { OnboardingRequest } from '../../../contracts/onboarding.ts';
import type { Counts } from '../../../outside/counts.ts';
import { exampleInput } from '../examples.ts';
import type { Book, BookedCase, FoundTimes } from './book.ts';
import type { Rig } from './rig.ts';

export type { BookedCase } from './book.ts';

/**
 * Onboardings, told apart on every far side. Each has words of its own: a reference in the message, a place in
 * the document, and a head count, so that each welcome kit is another document.
 */
export class CaseBook implements Book {
  readonly cases: BookedCase[] = [];
  readonly #rig: Rig;
  readonly #byMark = new Map<string, string>();
  #number = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    rig.tools.onAnswer = ({ tool, body }, answer) => {
      const account = /acc-[0-9a-f]{12}/.exec(answer)?.[0];
      const id = this.caseOf(body);
      if (tool === 'accounts.create' && account && id) this.#byMark.set(account, id);
    };
  }

  /** Names the next case, so that a test can lie in wait for it before it begins. */
  next(example = 'clean'): OnboardingRequest {
    this.#number += 1;
    const id = `CR-${String(this.#number).padStart(4, '0')}`;
    const { message, document, ...rest } = OnboardingRequest.parse(exampleInput(example));
    this.#byMark.set(id, id).set(`Port ${this.#number};`, id);
    return {
      ...rest,
      requestId: id,
      message: `${message.replace(/\d+ seats/, `${5 + this.#number} seats`)}\n\nOur reference: ${id}`,
      document: `${document}\nPlace of issue: Port ${this.#number};`,
    };
  }

  begin(): Promise<BookedCase> {
    return this.start(this.next());
  }

  async start(input: OnboardingRequest): Promise<BookedCase> {
    const id = input.requestId;
    const handle = await this.#rig.client.workflow.start('onboardCustomer', {
      taskQueue: 'governor',
      workflowId: id,
      args: [input],
    });
    const runId = handle.firstExecutionRunId;
    this.#byMark.set(runId, id);
    const booked = { id, runId, handle, outcome: 'onboarded' };
    this.cases.push(booked);
    return booked;
  }

  foreseen(): undefined {
    return undefined;
  }

  /** Welcome kits are named by their content, and so are counted as a whole. */
  effects(counts: Counts): FoundTimes[] {
    const found = this.cases.flatMap(({ id }) => onboardingEffects(counts, id));
    const kits = counts.documents.length - this.cases.length;
    return [
      ...found,
      ...this.cases.map(({ id }, at) => ({ id, effect: 'welcome kit', times: at === 0 ? 1 + kits : 1 })),
    ];
  }

  caseOf(words: string): string | undefined {
    for (const [mark] of words.matchAll(MARK)) {
      const id = this.#byMark.get(mark);
      if (id) return id;
    }
    return undefined;
  }
}

const MARK = /CR-\d{4}|Port \d+;|acc-[0-9a-f]{12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** How often each effect of a request is there, but for its welcome kit. */
export function onboardingEffects(
  { accounts, mails, meetings, notifications, audit }: Counts,
  id: string,
): FoundTimes[] {
  const keyed = (list: readonly { key: string }[]) => list.filter(({ key }) => key.includes(`:${id}:`)).length;
  return [
    { id, effect: 'account', times: accounts.filter(({ requestId }) => requestId === id).length },
    { id, effect: 'mail', times: keyed(mails) },
    { id, effect: 'meeting', times: keyed(meetings) },
    { id, effect: 'notification', times: keyed(notifications) },
    { id, effect: 'audit', times: audit.filter(({ caseId }) => caseId === id).length },
  ];
}
