import { AnswerInput, type OpenRequest } from '../../../contracts/messages.ts';
import type { Counts } from '../../../outside/counts.ts';
import { exampleInput, expectedOf } from '../examples.ts';
import type { Book, BookedCase, Foreseen, FoundTimes } from './book.ts';
import { CaseBook } from './case-book.ts';
import { paperOf } from './mixed-world.ts';
import { type Input, retellExpense, retellTicket } from './retold.ts';
import type { Rig } from './rig.ts';

const Answer = AnswerInput.omit({ approval: true, digest: true, token: true });

/** One kind of case of the mix: an example, told anew for each number, and what it has to leave behind. */
interface Kind {
  readonly process: string;
  readonly folder: string;
  readonly example: string;
  readonly retell: (input: Input, number: number) => Input;
  /** Lists of the far side in which its key stands once. */
  readonly leaves: (counts: Counts) => Readonly<Record<string, readonly { readonly key: string }[]>>;
}

const order = (example: string): Kind => ({
  process: 'placeOrder',
  folder: 'orders',
  example,
  retell: (input) => input,
  leaves: ({ orders }) => ({ order: orders }),
});
const expense = (example: string): Kind => ({
  process: 'approveExpense',
  folder: 'expenses',
  example,
  retell: retellExpense,
  leaves: ({ exports }) => ({ payment: exports }),
});

const KINDS: readonly Kind[] = [
  order('order-clean'),
  expense('clean'),
  {
    process: 'routeTicket',
    folder: 'tickets',
    example: 'ticket-clean',
    retell: retellTicket,
    leaves: ({ tickets }) => ({ ticket: tickets }),
  },
  {
    process: 'approveDocument',
    folder: 'documents',
    example: 'clean',
    retell: (input, number) => ({ ...input, doc_id: paperOf(number) }),
    leaves: ({ certificates, notifications }) => ({ certificate: certificates, notification: notifications }),
  },
  order('order-high-value'),
  expense('manager'),
];

/** All processes side by side: every second case is an onboarding, the others take turns. */
export class MixedBook implements Book {
  readonly #rig: Rig;
  readonly #onboardings: CaseBook;
  readonly #others: (BookedCase & { readonly kind: Kind })[] = [];
  readonly #given = new Map<string, number>();
  #number = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#onboardings = new CaseBook(rig);
  }

  get cases(): readonly BookedCase[] {
    return [...this.#onboardings.cases, ...this.#others];
  }

  async begin(): Promise<BookedCase> {
    this.#number += 1;
    const kind = KINDS[(this.#number >> 1) % KINDS.length];
    if (this.#number % 2 === 0 || !kind) return this.#onboardings.begin();
    const number = this.#number;
    const id = `${kind.process}-${String(number).padStart(4, '0')}`;
    const input = { ...kind.retell(exampleInput(kind.example, kind.folder) as Input, number), requestId: id };
    const handle = await this.#rig.client.workflow.start(kind.process, {
      taskQueue: 'governor',
      workflowId: id,
      args: [input],
    });
    const { outcome } = expectedOf(kind.example, kind.folder);
    const booked = { id, runId: handle.firstExecutionRunId, handle, outcome, kind };
    this.#others.push(booked);
    return booked;
  }

  caseOf(words: string): string | undefined {
    return this.#onboardings.caseOf(words);
  }

  /** The answers of the example in their order; one that is asked for again, such as after a kill, is given again. */
  foreseen(id: string, { approval, kind: asked }: OpenRequest): Foreseen | undefined {
    const kind = this.#others.find((one) => one.id === id)?.kind;
    if (!kind || asked === 'exception') return undefined;
    const { answers = [] } = expectedOf(kind.example, kind.folder);
    const places = [...this.#given.keys()].filter((key) => key.startsWith(`${id} `));
    const key = `${id} ${approval}`;
    const place = this.#given.get(key) ?? places.length;
    this.#given.set(key, place);
    const answer = answers[place];
    return answer && Answer.parse(answer);
  }

  effects(counts: Counts): FoundTimes[] {
    const others = this.#others.flatMap(({ id, kind }) => {
      const ours = ({ key }: { readonly key: string }): boolean => key.startsWith(`${kind.process}:${id}:`);
      const left = Object.entries(kind.leaves(counts)).map(([effect, list]) => ({
        id,
        effect,
        times: list.filter(ours).length,
      }));
      return [...left, { id, effect: 'audit', times: counts.audit.filter(({ caseId }) => caseId === id).length }];
    });
    return [...this.#onboardings.effects(counts), ...others];
  }
}
