import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { lookupCustomer, updateCustomer } from '../../contracts/tools/crm.ts';
import type { Keeping, ToolContext } from '../offer.ts';

export type Wanted = ToolInput<typeof lookupCustomer>;
export type Customer = NonNullable<ToolOutput<typeof lookupCustomer>['customer']>;
export type Status = Customer['status'];

/**
 * What the CRM tools need of a system that holds customers. Which system it is, configuration says; who of the
 * candidates fits is judged in customers.ts, alike for all.
 */
export interface Crm {
  /**
   * Everybody who could be meant, and perhaps more. A part that the system left empty is an empty string.
   * @throws Failed ToolUnavailable, ToolRateLimited, ToolRejected, BadAnswer, ErrorInAnswer or AnswerTooLarge
   */
  candidates(wanted: Wanted, context: ToolContext): Promise<readonly Customer[]>;
  /**
   * Status on record, null where nobody has this id; without this, our own books hold it. What a customer owes and may
   * owe is the books' in any case. Throws as `candidates` does.
   */
  statusOf?(customerId: string, context: ToolContext): Promise<Status | null>;
  /** How a status is set, and where that happens. */
  readonly update: Keeping<ToolInput<typeof updateCustomer>, ToolOutput<typeof updateCustomer>>;
}

/** More fitting records than this are no answer to who is writing, and a cut list could make two into one. */
export const MOST_CANDIDATES = 1000;
