import { AnswerInput } from '../../contracts/messages.ts';
import type { StartableProcess } from '../../contracts/process-inputs.ts';
import type { Foreseen } from '../support/crash/book.ts';
import { paperOf } from '../support/crash/mixed-world.ts';
import { type Input, retellExpense, retellTicket } from '../support/crash/retold.ts';
import { exampleInput, expectedOf } from '../support/examples.ts';
import type { Left } from './left.ts';

/** One kind of case of the mix: an example of the house, told anew for each number, and how it has to end. */
export interface Kind {
  readonly name: string;
  readonly process: StartableProcess;
  readonly input: (number: number, requestId: string) => Input;
  readonly outcome: string;
  readonly failureType?: string | undefined;
  /** How the process itself hands the case to people where it cannot go on by itself. */
  readonly orElse?: string | undefined;
  /** What people say, in the order in which they are asked; nothing where they say nothing. */
  readonly answers: readonly Foreseen[];
  /** What has to be there when it has ended, beside its audit; nothing else may be. */
  readonly leaves: Partial<Left>;
}

interface Telling {
  readonly process: StartableProcess;
  readonly folder: string;
  readonly retell: (input: Input, number: number) => Input;
  readonly orElse?: string;
}

const Answer = AnswerInput.omit({ approval: true, digest: true, token: true });

const ONBOARDING: Telling = {
  process: 'onboardCustomer',
  folder: 'onboarding',
  // Welcome kits are named by their content, so that each case wants seats of its own number.
  retell: ({ message, ...input }, number) => ({
    ...input,
    message: String(message).replace(/\d+ seats/, `${5 + number} seats`),
  }),
};
const EXPENSE: Telling = {
  process: 'approveExpense',
  folder: 'expenses',
  retell: retellExpense,
};
const PAPER: Telling = {
  process: 'approveDocument',
  folder: 'documents',
  retell: (input, number) => ({ ...input, doc_id: paperOf(number) }),
};
const BROKEN_PAPER: Telling = { ...PAPER, retell: (input) => input };
const TICKET: Telling = {
  process: 'routeTicket',
  folder: 'tickets',
  orElse: 'triage',
  retell: retellTicket,
};
const ORDER: Telling = { process: 'placeOrder', folder: 'orders', retell: (input) => input };

function kind({ process, folder, retell, orElse }: Telling, example: string, leaves: Kind['leaves']): Kind {
  const { outcome, failureType, answers = [] } = expectedOf(example, folder);
  return {
    name: `${process} ${example}`,
    process,
    input: (number, requestId) => ({ ...retell(exampleInput(example, folder) as Input, number), requestId }),
    outcome,
    failureType,
    orElse,
    answers: answers.map((answer) => Answer.parse(answer)),
    leaves,
  };
}

/** The same, with nobody who answers. */
const unanswered = (telling: Telling, example: string, outcome: string, leaves: Kind['leaves'] = {}): Kind => ({
  ...kind(telling, example, leaves),
  name: `${telling.process} ${example}, nobody answers`,
  outcome,
  answers: [],
});

const ONBOARDED = { account: 1, mail: 1, meeting: 1, notification: 1 };
const ESCALATED = { escalation: 1 };

/** The mix, in turns: most of it clean, some that people decide, some that the business or the outside world refuses. */
export const KINDS: readonly Kind[] = [
  kind(ONBOARDING, 'clean', ONBOARDED),
  kind(ORDER, 'order-clean', { order: 1 }),
  kind(EXPENSE, 'clean', { payment: 1 }),
  kind(TICKET, 'ticket-clean', { ticket: 1 }),
  kind(PAPER, 'clean', { certificate: 1, notification: 1 }),
  kind(ONBOARDING, 'watch-list', ONBOARDED),
  kind(EXPENSE, 'manager', { payment: 1 }),
  kind(ORDER, 'order-high-value', { order: 1 }),
  kind(TICKET, 'ticket-two-matters', { ticket: 1 }),
  kind(PAPER, 'declined', { notification: 1 }),
  kind(ONBOARDING, 'clean', ONBOARDED),
  unanswered(EXPENSE, 'manager', 'refused'),
  kind(ORDER, 'order-unknown-product', {}),
  kind(TICKET, 'ticket-legal', { ticket: 1 }),
  kind(ONBOARDING, 'stale-cache', ESCALATED),
  kind(EXPENSE, 'out-of-policy', {}),
  kind(ORDER, 'order-too-dear', {}),
  unanswered(PAPER, 'clean', 'void', { notification: 1 }),
  kind(ONBOARDING, 'mismatch', {}),
  kind(TICKET, 'ticket-spam', { ticket: 1 }),
  kind(EXPENSE, 'director', { payment: 1 }),
  kind(ORDER, 'order-free-product', ESCALATED),
  unanswered(ONBOARDING, 'watch-list', 'rejected'),
  kind(BROKEN_PAPER, 'invalid', { notification: 1 }),
  kind(ONBOARDING, 'wrong-subject', ESCALATED),
  unanswered(ORDER, 'order-clean', 'declined'),
];
