import { z } from 'zod';
import { BusinessClock } from './business-clock.ts';
import { DocumentPolicy } from './document-policy.ts';
import { ExpensePolicy } from './expense-policy.ts';
import { ESCALATION_QUEUES } from './failures.ts';
import { Ladder } from './ladder.ts';
import { MicroUsd } from './money.ts';
import { OrderPolicy } from './order-policy.ts';
import { TicketPolicy } from './ticket-policy.ts';
import { CHANNELS } from './tools/notifications.ts';

/**
 * A policy is data that people publish: thresholds, limits, ladders. Each number stands under a ceiling that is code, so
 * that no published file can take the bounds away.
 */
export { Ladder } from './ladder.ts';
export { ROLES, Role } from './roles.ts';

/** One USD a run is the most that any policy may allow before a person raises it. */
const RUN_CEILING_MICRO_USD = 1_000_000;
/** With a person's raises, a run may cost this at most. */
const RAISE_CEILING_MICRO_USD = 5_000_000;

const ProcessLimits = z.strictObject({
  /** What all models together may cost in one run. */
  capMicroUsd: MicroUsd.max(RUN_CEILING_MICRO_USD),
  /** The most that people may raise it to. */
  raiseCeilingMicroUsd: MicroUsd.max(RAISE_CEILING_MICRO_USD),
  /** Model calls in one run: a clean run's number and a few more. */
  modelCalls: z.int().min(1).max(100),
  /** Seconds from start to end, waits for people left out. */
  deadlineSeconds: z.int().min(1).max(3600),
});
export type ProcessLimits = z.output<typeof ProcessLimits>;

const AgentPolicy = z.strictObject({
  /** Below this confidence a person decides on the proposal. */
  confidenceFloor: z.number().min(0).max(1),
  /** `always` puts a person before every call of this agent. */
  approval: z.enum(['below-floor', 'always']),
});

export const Policy = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/),
  processes: z.record(z.string(), ProcessLimits),
  /** Model calls that one step may make, all its attempts together. */
  iterations: z.int().min(1).max(10),
  /** Model calls that are reserved before an attempt of a step. */
  paidCalls: z.int().min(1).max(5),
  /** `default` holds for an agent that has no row of its own. */
  agents: z.record(z.string(), AgentPolicy).and(z.object({ default: AgentPolicy })),
  ladders: z.strictObject({ proposal: Ladder, finding: Ladder, exception: Ladder, budget: Ladder }),
  /** When people work: the hours of ladders count then only. Without it every hour counts. */
  calendar: BusinessClock.optional(),
  /** A check this much older than the start of the case still counts as fresh, and this much from the future as now. */
  clockSkewSeconds: z.int().min(0).max(60),
  /** Hosts that text which leaves the house may link to or give addresses at. */
  linkHosts: z.array(z.string().regex(/^[a-z0-9.-]+$/)).max(50),
  onboarding: z.strictObject({
    minimumAgeYears: z.int().min(0).max(99),
    channels: z.array(z.enum(CHANNELS)).min(1),
    /** How often the lookup may be repeated after a person has put the customer data right. */
    lookups: z.int().min(1).max(5),
  }),
  /** Without it, `routeTicket` says that the release lacks it. */
  tickets: TicketPolicy.optional(),
  /** Without it, `placeOrder` says that the release lacks it. */
  orders: OrderPolicy.optional(),
  /** Without it, `approveDocument` says that the release lacks it. */
  documents: DocumentPolicy.optional(),
  /** Without it, `approveExpense` says that the release lacks it. */
  expenses: ExpensePolicy.optional(),
  /** Queues that escalations may go to; each failure's own queue is in contracts/failures.ts. */
  escalationQueues: z.array(z.enum(ESCALATION_QUEUES)).min(1),
});
export type Policy = z.output<typeof Policy>;

/** What a step carries of the policy: what judge needs, and no more. */
export interface StepPolicy {
  readonly confidenceFloor: number;
  readonly approval: 'below-floor' | 'always';
  readonly linkHosts: readonly string[];
  readonly clockSkewSeconds: number;
}
