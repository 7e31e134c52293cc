import type { ModelCall } from '../../contracts/decision.ts';
import type { CaseStatus } from '../../contracts/messages.ts';
import type { Asked } from './book.ts';
import type { Left } from './left.ts';
import type { ModelAsk } from './model-side.ts';
import type { Late } from './people.ts';

/** All that is known of a case when the run is over, each part from whoever kept it. */
export interface CaseFacts {
  readonly id: string;
  readonly requestId: string;
  readonly kind: string;
  /** How it has to end, and what it then leaves beside its audit. */
  readonly wanted: {
    readonly outcome: string;
    readonly failureType?: string | undefined;
    readonly orElse?: string | undefined;
    readonly leaves: Partial<Left>;
  };
  /** What callers were given who asked for it, perhaps twice. */
  readonly ids: readonly string[];
  /** From Temporal: how the run ended. */
  readonly ended: { readonly outcome: string; readonly failureType?: string | undefined } | undefined;
  /** From the case itself. */
  readonly budget: CaseStatus['budget'];
  readonly recorded: readonly string[];
  /** From its history: steps that were begun, and model calls that were booked. */
  readonly begun: readonly string[];
  readonly booked: Booked;
  /** From the audit's table. */
  readonly audited: readonly string[];
  /** From the decision log. */
  readonly logged: readonly string[];
  /** From the far sides. */
  readonly left: Left;
  readonly escalations: readonly { readonly failureType: string; readonly queue: string }[];
  /** From the list of open requests. */
  readonly asked: readonly Asked[];
}

/** Model calls as a history has them. */
export interface Booked {
  readonly calls: readonly ModelCall[];
  /** True where an activity ran out of time, so that its reservation is booked and not each call of it. */
  readonly silent: boolean;
}

/** All that is known when a run is over. */
export interface Facts {
  readonly cases: readonly CaseFacts[];
  /** Calls of workflows that are no case of the run, such as the clock of a ticket. */
  readonly besides: readonly ModelCall[];
  /** The providers' own log. */
  readonly asks: readonly ModelAsk[];
  readonly late: Late;
  /** Deliveries to a far side of what it had already, and knew again. */
  readonly repeatedDeliveries: number;
}
