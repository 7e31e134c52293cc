import type { z } from 'zod';
import type { AnswerVerdict, Move } from '../../../contracts/decision.ts';
import type { CaseStatus, OpenRequest, RequestKind } from '../../../contracts/messages.ts';
import type { BulkResults, CaseRow, Me as MeShape, PastDecisions, ShownApproval, Timeline } from '../../http/shapes.ts';

export type { ApprovalRow as Row } from '../../http/shapes.ts';
/** What the page reads and sends, as the API has it. Types only: nothing of this file reaches a browser. */
export type { AnswerVerdict, CaseStatus, Move, OpenRequest, RequestKind, Timeline };

export type Detail = ShownApproval;
export type Me = z.output<typeof MeShape>;
export type TimelineStep = Timeline['steps'][number];
export type Verb = TimelineStep['verbs'][number]['verb'];
export type PastDecision = z.output<typeof PastDecisions>['decisions'][number];
export type BulkResult = BulkResults['results'][number];
export type Run = CaseRow;

/** What a person says; the server fills in who, and signs it. */
export interface Said {
  readonly verdict: AnswerVerdict | Move;
  readonly digest: string;
  readonly reason?: string;
  readonly edit?: Readonly<Record<string, unknown>>;
  readonly to?: string;
  readonly amountMicroUsd?: number;
}

/** RFC 9457, as far as the page shows it. */
export interface Problem {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly decidedBy?: string;
  readonly errors?: readonly { readonly field?: string; readonly message?: string }[];
}
