import type { CaseStatus } from '../../../contracts/messages.ts';
import { type AskHistory, readAsks } from '../../asks.ts';
import { readHistory, type StepHistory } from '../../history.ts';
import type { CaseRun } from '../../index.ts';
import { openHistory } from '../../open-history.ts';
import type { HttpParts } from '../parts.ts';
import type { Timeline } from '../shapes.ts';

type Step = Timeline['steps'][number];
type Verb = Step['verbs'][number];

/** What happened in a case so far, in the five verbs, from what the server has written down. */
export async function timelineOf(
  { client, toolOf }: Pick<HttpParts, 'client' | 'toolOf'>,
  run: CaseRun,
  status: Pick<CaseStatus, 'steps'> | undefined,
): Promise<Timeline> {
  const { workflowId, runId } = run;
  const raw = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const events = await openHistory(client, raw);
  const { steps, costMicroUsd } = readHistory(run, events);
  return { steps: timelineSteps(steps, readAsks(events), status?.steps ?? [], toolOf), costMicroUsd };
}

/** Steps in the order in which they began. What was asked belongs to the step that it names. */
export function timelineSteps(
  activities: readonly StepHistory[],
  asks: readonly AskHistory[],
  decided: readonly { readonly step: string; readonly outcome: string }[],
  toolOf: (agent: string) => string,
): Step[] {
  const names = new Set([...activities.map(({ step }) => step), ...asks.map(stepOf)]);
  const steps = [...names].map((step): Step => {
    const own = activities.filter((each) => each.step === step);
    const asked = asks.filter((each) => stepOf(each) === step);
    const agent = own[0]?.agent ?? '';
    const outcome = decided.findLast((each) => each.step === step)?.outcome ?? outcomeOf(own, asked);
    const verbs = [...own.flatMap((each) => verbsOf(each, toolOf)), ...asked.map(askOf)];
    const calls = own.flatMap(({ paidCalls }) => paidCalls);
    return {
      step,
      agent,
      tool: agent === '' ? '' : toolOf(agent),
      outcome,
      verbs: inOrder([...verbs, ...recordOf(own, asked, outcome)]),
      costMicroUsd: calls.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
    };
  });
  return steps.toSorted((left, right) => startOf(left) - startOf(right));
}

/** Requests are named after their step, with a number behind it. */
const stepOf = ({ approval }: AskHistory): string => approval.replace(/-\d+$/, '');

const startOf = ({ verbs }: Step): number => Date.parse(verbs[0]?.at ?? '') || 0;

/** Of those at the same instant, the earlier verb. */
const inOrder = (verbs: readonly Verb[]): Verb[] =>
  verbs.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));

function outcomeOf(activities: readonly StepHistory[], asks: readonly AskHistory[]): string {
  if (asks.some(({ closedAt }) => closedAt === undefined)) return 'waiting';
  return activities.at(-1)?.outcome ?? asks.at(-1)?.said?.verdict ?? 'unanswered';
}

function verbsOf(activity: StepHistory, toolOf: (agent: string) => string): Verb[] {
  const { startedAt } = activity;
  if (startedAt === undefined) return [];
  return [...(activity.resumed ? [] : thoughtOf(activity, startedAt)), ...actOf(activity, toolOf)];
}

/** What came before the tool was called, in the activity in which the model was asked. */
function thoughtOf(activity: StepHistory, startedAt: number): Verb[] {
  const { endedAt = Number.POSITIVE_INFINITY, paidCalls, verdict } = activity;
  const ms = paidCalls.reduce((sum, call) => sum + call.ms, 0);
  const propose = verb('propose', startedAt, ms, proposed(activity));
  if (!verdict) return [propose];
  return [propose, verb('judge', Math.min(startedAt + ms, endedAt), 0, `${verdict.kind} (${verdict.rule})`)];
}

function actOf(
  { endedAt, actMs, replayed, outcome, failure, agent }: StepHistory,
  toolOf: (agent: string) => string,
): Verb[] {
  if (endedAt === undefined) return [];
  if (outcome === 'failed') return [verb('act', endedAt, 0, `failed${failure ? `: ${failure.type}` : ''}`)];
  if (actMs === undefined) return [];
  return [verb('act', endedAt - actMs, actMs, replayed ? `${toolOf(agent)}, done before` : toolOf(agent))];
}

function proposed({ paidCalls, outcome }: StepHistory): string {
  if (outcome === 'open') return 'at work';
  if (paidCalls.length === 0) return 'no model was asked';
  const models = [...new Set(paidCalls.map(({ model }) => model))].join(', ');
  return paidCalls.length === 1 ? models : `${models}, ${paidCalls.length} calls`;
}

function askOf({ kind, openedAt, closedAt, said }: AskHistory): Verb {
  const words = said
    ? `${kind}: ${said.verdict} by ${said.by}`
    : `${kind}: ${closedAt === undefined ? 'open' : 'nobody answered'}`;
  return verb('ask', openedAt, (closedAt ?? Date.now()) - openedAt, words);
}

/** A step is written down when all that belongs to it is over. */
function recordOf(activities: readonly StepHistory[], asks: readonly AskHistory[], outcome: string): Verb[] {
  const ends = [...activities.map(({ endedAt }) => endedAt), ...asks.map(({ closedAt }) => closedAt)];
  if (ends.some((end) => end === undefined) || outcome === 'sealed') return [];
  return [verb('record', Math.max(...ends.map((end) => end ?? 0)), 0, outcome)];
}

const verb = (name: Verb['verb'], at: number, ms: number, detail: string): Verb => ({
  verb: name,
  at: new Date(at).toISOString(),
  ms: Math.max(0, Math.round(ms)),
  detail,
});
