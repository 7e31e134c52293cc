import type { ApprovalRow, ShownApproval, Timeline } from '../../client/http/shapes.ts';
import { digestOf } from '../../contracts/digest.ts';
import { LEGAL_ANSWERS, type OpenRequest } from '../../contracts/messages.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const later = (ms: number): string => new Date(Date.now() + ms).toISOString();

const MERCHANTS = ['Nordline Railways', 'Hotel Alder', 'Harbour Cabs', 'Foundry Diner', 'Cloudberry Hosting'];
const PEOPLE = ['lena.brandt', 'oskar.vieth', 'priya.anand', 'jonas.keller'];
const RISKS = ['low', 'medium', 'high'] as const;

/** An open request of a case, as the API shows it; `at` tells one from the other. */
export function deskRequest(at: number, over: Partial<OpenRequest> = {}): ShownApproval {
  const requestedBy = PEOPLE[at % PEOPLE.length] ?? 'somebody';
  const minor = 4_900 + ((at * 7_919) % 240_000);
  const risk = RISKS[at % 3] ?? 'low';
  const approval = `recommend-expense-${at}`;
  const caseId = `approveExpense-${digestOf({ at }).slice(0, 32)}`;
  const call = { requestId: `exp-${at}`, lineId: `line-${at}`, verdict: 'approve', homeMinor: minor, currency: 'USD' };
  const merchant = MERCHANTS[at % MERCHANTS.length];
  const until = later(((at * 37) % 2_880) * MINUTE_MS + 25 * MINUTE_MS);
  const request: OpenRequest = {
    approval,
    kind: 'proposal',
    step: 'recommend-expense',
    role: 'manager',
    asks: `Reimburse ${(minor / 100).toFixed(2)} USD to ${requestedBy}: ${merchant}, line ${at}`,
    subject: `exp-${at}/line-${at}`,
    amount: { minor, currency: 'USD' },
    tier: risk === 'high' ? 'director' : 'manager',
    rule: risk === 'high' ? 'EXP-7 over the limit of a manager' : 'EXP-4 above what goes by itself',
    why: 'Sums from 500.00 USD need a person, and the receipt is older than thirty days.',
    risk,
    recommendation: {
      verdict: at % 4 === 3 ? 'reject' : 'approve',
      confidence: 0.55 + ((at * 13) % 44) / 100,
      evidence: `The receipt names ${merchant} and the sum agrees with the claim. The date is within the trip.`,
      clauses: [
        { id: 'EXP-4', says: 'From 500.00 USD a manager decides.' },
        { id: 'EXP-9', says: 'Receipts are handed in within thirty days.' },
      ],
    },
    consequence: 'The sum is paid to the employee with the next run of payments.',
    reversible: false,
    call,
    editable: ['verdict', 'homeMinor'],
    missing: [],
    answers: [...LEGAL_ANSWERS.proposal],
    moves: ['ask-info', 'delegate', 'escalate', 'claim'],
    confidence: 0.55 + ((at * 13) % 44) / 100,
    prompt: 'recommend-expense@3',
    model: 'small-model-2026',
    policy: 'standard-6',
    costMicroUsd: 4_120 + at,
    digest: digestOf({ at, call }),
    askedAt: later(-((at * 11) % 600) * MINUTE_MS),
    until,
    due: new Date(Date.parse(until) + 24 * HOUR_MS).toISOString(),
    ladder: [
      { role: 'manager', until, needed: 1 },
      { role: 'director', until: new Date(Date.parse(until) + 24 * HOUR_MS).toISOString(), needed: 1 },
    ],
    needed: 1,
    yeses: [],
    barred: [requestedBy],
    remarks: [],
    command: `temporal workflow update execute --workflow-id ${caseId} --name answer --input '{"approval":"${approval}"}'`,
    ...over,
  };
  return {
    case: caseId,
    run: digestOf({ run: at }).slice(0, 32),
    process: 'approveExpense',
    startedAt: later(-HOUR_MS * (1 + (at % 9))),
    requestedBy,
    request,
    mayAnswer: true,
    similar: [past(at + 1, 'approve'), past(at + 2, 'reject'), past(at + 3, 'approve')],
    timeline: timelineOf(),
    uiUrl: `http://127.0.0.1:8233/namespaces/default/workflows/${caseId}`,
  };
}

/** What the list shows of it. */
export function rowOf({ case: caseId, run, process, startedAt, requestedBy, request }: ShownApproval): ApprovalRow {
  const { approval, kind, role, named, asks, subject, amount, tier, rule, risk, askedAt, until, due, digest } = request;
  const { confidence, claimedBy, barred, recommendation, held } = request;
  return {
    case: caseId,
    run,
    startedAt,
    process,
    ...(requestedBy ? { requestedBy } : {}),
    ...{ approval, kind, role, asks, subject, tier, rule, risk, askedAt, until, due, digest, barred },
    ...(named ? { named } : {}),
    ...(amount ? { amount } : {}),
    ...(confidence === undefined ? {} : { confidence }),
    ...(claimedBy ? { claimedBy } : {}),
    ...(recommendation ? { advice: recommendation.verdict } : {}),
    ...(held ? { held: true } : {}),
  };
}

function past(at: number, verdict: string): ShownApproval['similar'][number] {
  return {
    caseId: `approveExpense-${digestOf({ at }).slice(0, 32)}`,
    process: 'approveExpense',
    at: later(-at * 26 * HOUR_MS),
    step: 'recommend-expense',
    agent: 'recommend-expense',
    tool: 'expenses.recommend',
    outcome: verdict === 'approve' ? 'done' : 'rejected',
    verdict: 'needs-approval',
    rule: 'EXP-4',
    confidence: 0.8,
    model: 'small-model-2026',
    prompt: 'recommend-expense@3',
    costMicroUsd: 3_900,
    answers: [
      {
        approval: `recommend-expense-${at}`,
        verdict,
        by: 'darius.wren',
        role: 'manager',
        at: later(-at * 25 * HOUR_MS),
        identity: 'signed',
        ...(verdict === 'reject' ? { reason: 'the receipt is for another person' } : {}),
      },
    ],
  };
}

export function timelineOf(): Timeline {
  const at = later(-HOUR_MS);
  const act = { verb: 'act' as const, at, ms: 38, detail: 'done' };
  const record = { verb: 'record' as const, at, ms: 2, detail: 'recorded' };
  const judge = (detail: string) => ({ verb: 'judge' as const, at, ms: 1, detail });
  const propose = (ms: number) => ({ verb: 'propose' as const, at, ms, detail: 'small-model-2026' });
  const step = (name: string, cost: number, verbs: Timeline['steps'][number]['verbs'], outcome = 'done') => ({
    step: name,
    agent: name,
    tool: `expenses.${name}`,
    outcome,
    verbs,
    costMicroUsd: cost,
  });
  return {
    steps: [
      step('file-claim', 0, [judge('allowed'), act, record]),
      step('read-receipt', 2_310, [propose(1_840), judge('allowed'), act, record]),
      step(
        'recommend-expense',
        1_810,
        [propose(2_420), judge('needs approval: EXP-4'), { verb: 'ask', at, ms: 3_125_000, detail: 'manager' }],
        'waiting',
      ),
    ],
    costMicroUsd: 4_120,
  };
}
