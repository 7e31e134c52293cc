import type { Scenario } from './cases.ts';
import type { Spent } from './spent.ts';

/** How one side says that an order ended. */
export interface Ended {
  readonly says: 'order' | 'no order';
  /** The tool that it names as the one that failed. */
  readonly blames?: string;
  readonly words: string;
  /** How often somebody was asked, beside the customer's yes to the offer. */
  readonly peopleAsked: number;
  readonly spent: Spent;
  readonly ms: number;
}

export interface Side {
  serve(scenario: Scenario): Promise<Ended>;
}

/** How long a side waits for one answer of a tool, milliseconds; the same on both. */
export const TOOL_PATIENCE_MS = 3_000;
