import type { z } from 'zod';
import { DocumentRequest } from './documents.ts';
import { ExpenseReport } from './expense.ts';
import { OnboardingRequest } from './onboarding.ts';
import { CancelOrderRequest, OrderRequest } from './orders.ts';
import { TicketMessage } from './tickets.ts';

/** The processes that people and applications start, with what each takes; the house starts its others by itself. */
export const PROCESS_INPUTS = {
  onboardCustomer: OnboardingRequest,
  approveExpense: ExpenseReport,
  approveDocument: DocumentRequest,
  routeTicket: TicketMessage,
  placeOrder: OrderRequest,
  cancelOrder: CancelOrderRequest,
} as const satisfies Readonly<Record<string, z.ZodType>>;

export type StartableProcess = keyof typeof PROCESS_INPUTS;

/** What a caller sends to start each of them. */
export type ProcessInput<P extends StartableProcess> = z.input<(typeof PROCESS_INPUTS)[P]>;

export const isStartable = (process: string): process is StartableProcess => Object.hasOwn(PROCESS_INPUTS, process);

/** An input that a process does not take, field by field. */
export interface InputProblem {
  /** The field's path, as in `lines.0.currency`; empty where it is about the whole. */
  readonly field: string;
  readonly message: string;
}

/** What speaks against an input before anything is started; nothing where the process takes it. */
export function inputProblems(process: StartableProcess, input: unknown): InputProblem[] {
  const parsed = PROCESS_INPUTS[process].safeParse(input);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
}
