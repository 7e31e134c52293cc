import { z } from 'zod';
import { ANSWER_VERDICTS, MOVES } from '../../contracts/decision.ts';
import type { OpenRequest, RequestSummary } from '../../contracts/messages.ts';
import { PROCESS_INPUTS } from '../../contracts/process-inputs.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import { Role } from '../../contracts/roles.ts';
import { PastDecision } from '../../contracts/tools/audit.ts';

/** What the API answers with, for its document and its client. Answers are made by types and never parsed on our side. */

const Instant = z.iso.datetime();
const Amount = z.object({ minor: z.int(), currency: z.string() });
const MicroUsd = z.int().min(0);
const Call = z.record(z.string(), z.unknown());
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

export const ProcessName = z.enum(Object.keys(PROCESSES));
export const StartableName = z.enum(Object.keys(PROCESS_INPUTS) as (keyof typeof PROCESS_INPUTS)[]);
export const RequestKindName = z.enum([
  'proposal',
  'finding',
  'exception',
  'budget',
  'confirmation',
  'shortage',
  'approval',
]);
export const Risk = z.enum(['low', 'medium', 'high']);
export const AnyVerdict = z.enum([...ANSWER_VERDICTS, ...MOVES]);

export const Links = z.object({
  self: z.string(),
  result: z.string(),
  events: z.string(),
  timeline: z.string(),
  decisions: z.string(),
  cancel: z.string(),
});
export type Links = z.output<typeof Links>;

export const StartedCase = z.object({ case: z.string(), run: z.string(), process: ProcessName, links: Links });
export type StartedCase = z.output<typeof StartedCase>;

export const CaseRow = z.object({
  case: z.string(),
  run: z.string(),
  process: z.string(),
  stage: z.string(),
  outcome: z.string().optional(),
  release: z.string().optional(),
  costMicroUsd: MicroUsd,
  /** What its release lets it spend; its input may lower that, and people may add to it. */
  capMicroUsd: MicroUsd.optional(),
  startedAt: Instant,
  closedAt: Instant.optional(),
  durationMs: z.int().min(0),
  waitingFor: z.string().optional(),
  uiUrl: z.string().optional(),
});
export type CaseRow = z.output<typeof CaseRow>;

export const CaseRows = z.object({ cases: z.array(CaseRow), next: z.string().optional() });
export type CaseRows = z.output<typeof CaseRows>;

const Remark = z.object({
  at: Instant,
  by: z.string(),
  verdict: AnyVerdict,
  words: z.string().optional(),
  to: z.string().optional(),
});

const summary = {
  approval: z.string(),
  kind: RequestKindName,
  role: Role,
  named: z.array(z.string()).optional(),
  asks: z.string(),
  subject: z.string(),
  amount: Amount.optional(),
  tier: z.string(),
  rule: z.string(),
  risk: Risk,
  askedAt: Instant,
  until: Instant,
  due: Instant,
  digest: Digest,
  confidence: z.number().optional(),
  claimedBy: z.string().optional(),
  barred: z.array(z.string()),
};

export const Summary = z.object({
  ...summary,
  advice: z.string().optional(),
  delegated: z.object({ from: z.string(), to: z.string() }).optional(),
  held: z.boolean().optional(),
  process: z.string(),
});

export const ApprovalRow = Summary.extend({
  case: z.string(),
  run: z.string(),
  startedAt: Instant,
  requestedBy: z.string().optional(),
});
export type ApprovalRow = RequestSummary & {
  readonly case: string;
  readonly run: string;
  readonly startedAt: string;
  readonly requestedBy?: string;
};

export const ApprovalRows = z.object({
  approvals: z.array(ApprovalRow),
  /** All that match, those of other pages included. */
  total: z.int().min(0),
  next: z.string().optional(),
});
export interface ApprovalRows {
  readonly approvals: readonly ApprovalRow[];
  readonly total: number;
  readonly next?: string;
}

const Recommendation = z.object({
  verdict: z.string(),
  confidence: z.number(),
  evidence: z.string(),
  clauses: z.array(z.object({ id: z.string(), says: z.string() })),
});

export const Request = z.object({
  ...summary,
  step: z.string(),
  why: z.string(),
  recommendation: Recommendation.optional(),
  consequence: z.string(),
  reversible: z.boolean(),
  call: Call.optional(),
  facts: Call.optional(),
  editable: z.array(z.string()),
  missing: z.array(z.string()),
  before: Call.optional(),
  answers: z.array(z.enum(ANSWER_VERDICTS)),
  moves: z.array(z.enum(MOVES)),
  prompt: z.string().optional(),
  model: z.string().optional(),
  policy: z.string(),
  costMicroUsd: MicroUsd,
  grant: z.object({ tool: z.string(), args: Call }).optional(),
  ladder: z.array(z.object({ role: Role, until: Instant, needed: z.int() })),
  needed: z.int(),
  yeses: z.array(z.string()),
  held: z.object({ by: z.string(), question: z.string() }).optional(),
  remarks: z.array(Remark),
  command: z.string(),
});

const Step = z.object({
  agent: z.string(),
  step: z.string(),
  outcome: z.string(),
  verdict: z.string(),
  rule: z.string().optional(),
  confidence: z.number().optional(),
  model: z.string().optional(),
  simulated: z.boolean(),
  costMicroUsd: MicroUsd,
  ms: z.number(),
});

export const ShownCase = CaseRow.extend({
  links: Links,
  leftBehind: z.array(z.string()).optional(),
  deadline: Instant.optional(),
  policy: z.string().optional(),
  budget: z
    .object({ capMicroUsd: MicroUsd, spentMicroUsd: MicroUsd, reservedMicroUsd: MicroUsd, calls: z.int() })
    .optional(),
  steps: z.array(Step),
  waiting: z.array(Request),
});

export const CaseResult = z.object({
  outcome: z.string(),
  failureType: z.string().optional(),
  message: z.string().optional(),
  value: z.unknown().optional(),
});
export type CaseResult = z.output<typeof CaseResult>;

export const Pending = z.object({ case: z.string(), run: z.string(), stage: z.string() });

const Verb = z.object({
  verb: z.enum(['propose', 'judge', 'ask', 'act', 'record']),
  at: Instant,
  ms: z.number(),
  detail: z.string(),
});
export const TimelineStep = z.object({
  step: z.string(),
  agent: z.string(),
  tool: z.string(),
  outcome: z.string(),
  verbs: z.array(Verb),
  costMicroUsd: MicroUsd,
});
export const Timeline = z.object({ steps: z.array(TimelineStep), costMicroUsd: MicroUsd });
export type Timeline = z.output<typeof Timeline>;

export const PastDecisions = z.object({ decisions: z.array(PastDecision), more: z.boolean() });

export const ShownApproval = z.object({
  case: z.string(),
  run: z.string(),
  process: z.string(),
  startedAt: Instant,
  requestedBy: z.string().optional(),
  request: Request,
  mayAnswer: z.boolean(),
  whyNot: z.string().optional(),
  similar: z.array(PastDecision),
  timeline: Timeline,
  /** Where the request is about a document; what is different in it is in the request's call too. */
  document: z
    .object({
      id: z.string(),
      url: z.string().optional(),
      differences: z
        .array(z.object({ path: z.string(), before: z.string().optional(), after: z.string().optional() }))
        .optional(),
    })
    .optional(),
  uiUrl: z.string().optional(),
});
export type ShownApproval = Omit<z.output<typeof ShownApproval>, 'request'> & { readonly request: OpenRequest };

export const Accepted = z.object({ accepted: z.literal(true), why: z.string().optional() });
export const Signature = z.object({ token: z.string(), command: z.string() });
export const BulkResults = z.object({
  results: z.array(
    z.object({ case: z.string(), approval: z.string(), accepted: z.boolean(), why: z.string().optional() }),
  ),
});
export type BulkResults = z.output<typeof BulkResults>;

export const ReleaseRow = z.object({
  id: z.string(),
  createdAt: z.string(),
  note: z.string(),
  policy: z.string(),
  current: z.boolean(),
});
export const ReleaseRows = z.object({ releases: z.array(ReleaseRow) });
export const ShownRelease = z.looseObject({ id: z.string(), createdAt: z.string(), note: z.string() });

export const Me = z.object({
  sub: z.string(),
  person: z.string().optional(),
  tenant: z.string(),
  roles: z.array(z.string()),
  directoryRoles: z.array(Role),
});

export const Health = z.object({ status: z.enum(['ok', 'stopping']), temporal: z.enum(['reachable', 'unreachable']) });

export const ProblemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  decidedBy: z.string().optional(),
});
