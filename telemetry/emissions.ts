import type { Emission, PATHS } from '../contracts/decision-points.ts';
import type { Signal, StepSignal } from '../contracts/signals.ts';

type Of<K extends Signal['kind']> = Extract<Signal, { kind: K }>;

const RULE_OF_NONE = 'none';
const SECOND_MS = 1000;

/** What each kind of signal counts; a kind without a row does not compile. */
const EMISSIONS: { readonly [K in Signal['kind']]: (signal: Of<K>) => Emission[] } = {
  'case-began': ({ process }) => [{ point: 'governor_cases_started_total', labels: { process }, value: 1 }],
  'input-refused': ({ process }) => [{ point: 'governor_inputs_refused_total', labels: { process }, value: 1 }],
  'case-ended': ({ process, outcome, ms, costMicroUsd, leftBehind }) => [
    { point: 'governor_cases_total', labels: { process, outcome }, value: 1 },
    { point: 'governor_case_seconds', labels: { process }, value: ms / SECOND_MS },
    { point: 'governor_case_cost_micro_usd', labels: { process }, value: costMicroUsd },
    ...(leftBehind > 0
      ? [{ point: 'governor_left_behind_total', labels: { process }, value: leftBehind } as const]
      : []),
  ],
  step: (signal) => [...decided(signal), ...proposed(signal)],
  'request-opened': ({ process, request: kind, tier, role }) => [
    { point: 'governor_requests_total', labels: { process, kind, tier, role }, value: 1 },
  ],
  'request-moved': ({ request: kind, move }) => [
    { point: 'governor_request_moves_total', labels: { kind, move }, value: 1 },
  ],
  'request-closed': ({ process, request: kind, tier, rung, verdict, via, identity, ms }) => [
    {
      point: 'governor_answers_total',
      labels: { process, kind, tier, rung: String(rung), verdict, via, identity },
      value: 1,
    },
    { point: 'governor_answer_seconds', labels: { kind }, value: ms / SECOND_MS },
  ],
  'budget-denied': ({ process, agent, scope }) => [
    { point: 'governor_budget_denials_total', labels: { process, agent, scope }, value: 1 },
  ],
  alarm: ({ alarm }) => [{ point: 'governor_alarms_total', labels: { alarm }, value: 1 }],
};

/** The metrics of what a case has told. */
export const emissionsOf = (signal: Signal): Emission[] =>
  (EMISSIONS[signal.kind] as (signal: Signal) => Emission[])(signal);

/** Which path a step took: by itself, by a person, to a no, by its way out without a model, or to a failure. */
export function pathOf({ decision, asksModel }: Pick<StepSignal, 'decision' | 'asksModel'>): (typeof PATHS)[number] {
  if (decision.answers.length > 0 || decision.outcome === 'unanswered') return 'asked';
  if (decision.verdict === 'refused') return 'refused';
  if (decision.outcome !== 'done') return 'broken';
  return asksModel && decision.model === 'none' ? 'fallback' : 'automatic';
}

function decided(signal: StepSignal): Emission[] {
  const { process, decision, asksModel } = signal;
  const { agent, tool, outcome, verdict, rule = RULE_OF_NONE, confidence, failure, actMs } = decision;
  return [
    { point: 'governor_steps_total', labels: { process, agent, path: pathOf(signal), outcome }, value: 1 },
    { point: 'governor_verdicts_total', labels: { agent, verdict, rule }, value: 1 },
    ...(asksModel && confidence !== undefined
      ? [{ point: 'governor_confidence', labels: { agent }, value: confidence } as const]
      : []),
    ...(outcome === 'done'
      ? [{ point: 'governor_act_seconds', labels: { agent, tool }, value: actMs / SECOND_MS } as const]
      : []),
    ...(failure
      ? [{ point: 'governor_step_failures_total', labels: { agent, failure: failure.type }, value: 1 } as const]
      : []),
  ];
}

/** Time, tokens and money of the models that proposed, by the prompt's version. */
function proposed({ process, decision, prompt, calls }: StepSignal): Emission[] {
  const { agent } = decision;
  return calls.flatMap(({ model, outcome, inputTokens, outputTokens, bookedMicroUsd, ms }): Emission[] => {
    const of = { agent, model, prompt };
    const charge = outcome === 'unknown' ? 'worst-case' : 'usage';
    return [
      { point: 'governor_model_calls_total', labels: { ...of, outcome }, value: 1 },
      { point: 'governor_tokens_total', labels: { ...of, direction: 'input' }, value: inputTokens },
      { point: 'governor_tokens_total', labels: { ...of, direction: 'output' }, value: outputTokens },
      { point: 'governor_cost_micro_usd_total', labels: { ...of, process, charge }, value: bookedMicroUsd },
      ...(outcome === 'unknown'
        ? []
        : [{ point: 'governor_propose_seconds', labels: { agent, model }, value: ms / SECOND_MS } as const]),
    ];
  });
}
