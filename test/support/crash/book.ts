import type { WorkflowHandle } from '@temporalio/client';
import type { Said } from '../../../client/answering.ts';
import type { OpenRequest } from '../../../contracts/messages.ts';
import type { Counts } from '../../../outside/counts.ts';

export interface BookedCase {
  /** Reference of the request, and id of the workflow. */
  readonly id: string;
  readonly runId: string;
  readonly handle: WorkflowHandle;
  /** How it has to end. */
  readonly outcome: string;
}

/** How often an effect of a case is there; it should be once. */
export interface FoundTimes {
  readonly id: string;
  readonly effect: string;
  readonly times: number;
}

/** What somebody says to a request. */
export type Foreseen = Said & { readonly by: string };

/** The cases of a test, told apart on every far side. */
export interface Book {
  readonly cases: readonly BookedCase[];
  /** Starts the next case. */
  begin(): Promise<BookedCase>;
  /** Whose words these are; nobody's where they name no case, such as what the model hears of an audit. */
  caseOf(words: string): string | undefined;
  /** What a person says where the story foresees the question; nothing where it does not. */
  foreseen(id: string, request: OpenRequest): Foreseen | undefined;
  /** Every effect that each case has to leave, and how often it is there. */
  effects(counts: Counts): readonly FoundTimes[];
}
