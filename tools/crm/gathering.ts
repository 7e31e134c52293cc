import { Failed, fail } from '../../contracts/failures.ts';
import type { ToolContext } from '../offer.ts';
import { type Customer, MOST_CANDIDATES } from './crm.ts';

export interface Page {
  readonly customers: readonly Customer[];
  /** Where the next page is; without it this was the last. */
  readonly next?: string | undefined;
}

const MOST_PAGES = 50;

/**
 * Asks each query page by page, and gives every record once.
 * @throws Failed AnswerTooLarge where there is no end to it: a list that is cut off could make two who fit into one
 */
export async function gathered<Query>(
  system: string,
  queries: readonly Query[],
  pageOf: (query: Query, next: string | undefined) => Promise<Page>,
): Promise<Customer[]> {
  const found = new Map<string, Customer>();
  let pages = 0;
  for (const query of queries) {
    let next: string | undefined;
    do {
      const page = await pageOf(query, next);
      for (const customer of page.customers) found.set(customer.customerId, customer);
      pages += 1;
      next = page.next;
      if (found.size > MOST_CANDIDATES || pages > MOST_PAGES) throw tooMany(system);
    } while (next !== undefined);
  }
  return [...found.values()];
}

const tooMany = (system: string): Failed =>
  new Failed(fail('AnswerTooLarge', 'More customers could be meant than anybody can look through.', { system }));

/** One limit over all that a call asks of a system, however many requests that takes. */
export const patienceFor = ({ signal }: ToolContext, timeoutMs: number): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);

/** A system's own name for an error, where it is a name and not a text. */
export const errorName = (said: unknown): { code: string } | Record<string, never> =>
  typeof said === 'string' && /^[A-Z][A-Z0-9_]{2,60}$/.test(said) ? { code: said } : {};

export const wasNotFound = (error: unknown): boolean =>
  error instanceof Failed && error.failure.type === 'ToolRejected' && error.failure.details['status'] === 404;
