import type { Agent } from '../agents/define-agent.ts';
import { judge } from '../agents/judge.ts';
import type { Answer, Proposal, Seal, Sealed } from '../contracts/decision.ts';
import { FAILURES, type Failure } from '../contracts/failures.ts';
import type { Grant } from '../contracts/grants.ts';
import type { About } from '../contracts/messages.ts';
import { showUsd } from '../contracts/money.ts';
import { stepPolicy } from '../contracts/step-policy.ts';
import { CALLS_PER_RAISE, isShortfall, type Reservation } from './budget.ts';
import type { Case } from './case.ts';
import { BusinessEnd } from './endings.ts';
import type { StepRecord } from './record.ts';
import { tell } from './signals.ts';

/** The three questions that a step may have to put to people: about its proposal, its failure, and its money. */

/**
 * Asks whether a sealed proposal may be acted on.
 * @returns the seal with the yes, or nothing where the question is moot because the case was amended
 * @throws BusinessEnd where the answer is no, or there is none
 */
export async function askAboutProposal(
  host: Case,
  agent: Agent,
  step: string,
  record: StepRecord,
  input: unknown,
  sealed: Sealed,
): Promise<Seal | undefined> {
  const { proposal, verdict, contract } = sealed;
  const policy = stepPolicy(host.release.policy, agent.name);
  const merged = (edit: Readonly<Record<string, unknown>>) => ({ ...proposal.call, ...edit });
  const reply = await host.requests.ask({
    kind: 'proposal',
    step,
    asks: `May ${agent.name} call ${agent.tool.name}? ${verdict.why}`,
    about: aboutProposal(host, agent, step, sealed),
    ladder: host.release.policy.ladders.proposal,
    call: proposal.call,
    editable: Object.keys(agent.tool.input.shape).filter((name) => !Object.hasOwn(agent.bound, name)),
    made: { confidence: proposal.confidence, prompt: proposal.prompt.version, model: proposal.model },
    grant: (call) => grantOf(agent, call),
    facts: { contract, prompt: proposal.prompt, policy: host.release.policy.id, rule: verdict.rule },
    ...(proposal.complete
      ? {}
      : {
          without: ['approve'],
          missing: Object.keys(agent.tool.input.shape).filter((name) => !Object.hasOwn(proposal.call, name)),
        }),
    refuseEdit: (edit) => refuseEdit(agent, input, policy, edit, merged(edit)),
  });
  if (reply.verdict === 'amended') return undefined;
  if (!isAnswer(reply)) throw BusinessEnd.unanswered(`Nobody answered whether ${agent.name} may act.`);
  record.answered(reply);
  if (reply.verdict === 'reject')
    throw new BusinessEnd('rejected', `${reply.role} rejected what ${agent.name} proposed.`);
  const agreed: Proposal = reply.edit ? { ...proposal, complete: true, call: merged(reply.edit) } : proposal;
  return { proposal: agreed, verdict, contract, answer: reply };
}

/** What a yes to this call lets through: the arguments that the tool guards, as they are. */
function grantOf({ tool }: Agent, call: Readonly<Record<string, unknown>>): Grant | undefined {
  if (tool.kind !== 'effect') return undefined;
  return { tool: tool.name, args: Object.fromEntries(tool.guarded.map((name) => [name, call[name] ?? null])) };
}

const aboutProposal = ({ facts, release }: Case, { name, tool }: Agent, step: string, { verdict }: Sealed): About => ({
  subject: `${facts.caseId} ${step}`,
  tier: release.policy.ladders.proposal[0]?.role ?? 'operations',
  rule: verdict.rule,
  why: verdict.why,
  risk: tool.kind === 'effect' ? 'high' : 'medium',
  consequence: `${name} makes exactly this call of ${tool.name}.`,
  reversible: tool.kind === 'read',
});

/** Bound arguments are nobody's to edit; the rest is validated and judged again. */
function refuseEdit(
  agent: Agent,
  input: unknown,
  policy: ReturnType<typeof stepPolicy>,
  edit: Readonly<Record<string, unknown>>,
  call: Readonly<Record<string, unknown>>,
): string | undefined {
  const bound = Object.keys(edit).filter((name) => Object.hasOwn(agent.bound, name));
  if (bound.length > 0) return `The case binds ${bound.join(', ')}; an edit may change the other arguments only.`;
  const parsed = agent.tool.input.safeParse(call);
  if (!parsed.success)
    return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  const verdict = judge(agent, input, { call, complete: true, confidence: 1 }, { ...policy, approval: 'below-floor' });
  return verdict.kind === 'refused' ? verdict.why : undefined;
}

/** Asks what to do about a failure that time did not mend. Silence aborts. */
export async function askAboutFailure(
  host: Case,
  step: string,
  record: StepRecord,
  failure: Failure,
  options: { readonly skippable?: boolean },
): Promise<'retry' | 'skip' | 'abort' | 'amended'> {
  const reply = await host.requests.ask({
    kind: 'exception',
    step,
    asks: `${step} failed with ${failure.type}: ${failure.message}`,
    about: {
      subject: `${host.facts.caseId} ${step}`,
      tier: host.release.policy.ladders.exception[0]?.role ?? 'operations',
      rule: failure.type,
      why: `${failure.type} is for people to decide, after what time alone did not mend${foundIn(failure)}.`,
      risk: 'medium',
      consequence:
        'retry tries the step again, skip goes on without it, abort ends the case and takes back what it did.',
      reversible: true,
    },
    ladder: host.release.policy.ladders.exception,
    facts: { failure: failure.type, queue: FAILURES[failure.type].queue },
    ...(options.skippable ? {} : { without: ['skip'] }),
  });
  if (!isAnswer(reply)) return reply.verdict === 'amended' ? 'amended' : 'abort';
  record.answered(reply);
  return reply.verdict === 'retry' || reply.verdict === 'skip' ? reply.verdict : 'abort';
}

const MOST_FOUND = 300;

/** Where to look: the tool, the field, the status. Names and numbers only, as the table of failures promises. */
function foundIn({ details }: Failure): string {
  const plain = Object.entries(details).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  const words = plain.map(([name, value]) => `${name} ${value}`).join(', ');
  return words ? `: ${words.slice(0, MOST_FOUND)}` : '';
}

const NOTHING: Reservation = { amountMicroUsd: 0, calls: 0 };

/**
 * Sets aside what the step may pay for: as many calls as the policy allows at once, or fewer where the cap leaves room
 * for fewer. Undefined where there is room for none, and a person has to be asked.
 */
export function reserve(host: Case, agent: Agent, iterationsLeft: number): Reservation | undefined {
  if (agent.tier === 'none') return NOTHING;
  const setAside = host.takeSetAside(agent);
  if (setAside) return setAside;
  const { worstCaseMicroUsd } = host.pin(agent);
  for (let calls = Math.max(1, Math.min(host.release.policy.paidCalls, iterationsLeft)); calls >= 1; calls--) {
    const reservation = host.budget.reserve(worstCaseMicroUsd, calls);
    if (!isShortfall(reservation)) return reservation;
  }
  return agent.fallback ? NOTHING : undefined;
}

/**
 * Asks a person for a named amount more, until there is room for a call.
 * @throws BusinessEnd over-budget
 */
export async function reserveWithMore(
  host: Case,
  agent: Agent,
  step: string,
  iterationsLeft: number,
): Promise<Reservation> {
  for (;;) {
    await askForMore(host, agent, step, host.pin(agent).worstCaseMicroUsd);
    const reservation = reserve(host, agent, iterationsLeft);
    if (reservation) return reservation;
  }
}

async function askForMore(host: Case, agent: Agent, step: string, worstCaseMicroUsd: number): Promise<void> {
  const { capMicroUsd, spentMicroUsd, reservedMicroUsd, calls } = host.budget.state;
  const lacks = Math.max(1, spentMicroUsd + reservedMicroUsd + worstCaseMicroUsd - capMicroUsd);
  const beyond = lacks > host.budget.headroomMicroUsd;
  const hasMoney = spentMicroUsd + reservedMicroUsd + worstCaseMicroUsd <= capMicroUsd;
  const scope = beyond ? 'ceiling' : hasMoney ? 'calls' : 'cap';
  tell({ kind: 'budget-denied', process: host.facts.process, agent: agent.name, scope });
  if (beyond) throw new BusinessEnd('over-budget', 'The ceiling of what people may add is reached.');
  const reply = await host.requests.ask({
    kind: 'budget',
    step,
    asks: `${agent.name} could cost ${showUsd(worstCaseMicroUsd)} more; ${showUsd(spentMicroUsd)} of ${showUsd(capMicroUsd)} are spent in ${calls} calls. ${showUsd(lacks)} more (${lacks} micro-dollars), and ${CALLS_PER_RAISE} calls?`,
    about: {
      subject: `${host.facts.caseId} ${step}`,
      tier: host.release.policy.ladders.budget[0]?.role ?? 'operations',
      rule: 'cost-cap',
      why: `The cap of ${showUsd(capMicroUsd)} leaves too little for one more call.`,
      risk: 'low',
      consequence: `The case may spend up to ${showUsd(capMicroUsd + lacks)}; what is spent is not given back.`,
      reversible: false,
    },
    ladder: host.release.policy.ladders.budget,
    facts: { spentMicroUsd, capMicroUsd, worstCaseMicroUsd },
    amount: { leastMicroUsd: lacks, mostMicroUsd: host.budget.headroomMicroUsd },
  });
  if (reply.verdict === 'amended') return;
  if (!isAnswer(reply) || reply.verdict !== 'raise')
    throw new BusinessEnd('over-budget', `${agent.name} would have passed the cap of ${showUsd(capMicroUsd)}.`);
  // Where several had to say yes, the least is what all of them have agreed to.
  host.budget.raise(Math.min(...[...(reply.with ?? []), reply].map(({ amountMicroUsd }) => amountMicroUsd ?? lacks)));
}

const isAnswer = (reply: { readonly verdict: string }): reply is Answer =>
  reply.verdict !== 'unanswered' && reply.verdict !== 'amended';
