import type { Signal } from '../contracts/signals.ts';
import { askSpanId, caseSpanId, type Place, readTraceparent, stepSpanId, traceIdOfRun } from './trace-ids.ts';
import type { ToldSpan } from './tracer.ts';

/** Questions about a step; the others are the process's own. */
const OF_A_STEP: ReadonlySet<string> = new Set(['proposal', 'exception', 'budget']);

/** The run that tells. */
export interface Teller {
  readonly workflowId: string;
  readonly runId: string;
  /** With which it was started. */
  readonly traceparent?: string | undefined;
}

/** The span of what a case has told, where it has one: a case, a step, a question to people. */
export function spanOf(signal: Signal, { workflowId, runId, traceparent }: Teller, now: number): ToldSpan | undefined {
  const started = readTraceparent(traceparent);
  const traceId = traceIdOfRun(runId, started);
  const at = (spanId: string): Place => ({ traceId, spanId });
  const common = { 'governor.case': workflowId, 'governor.run': runId };
  if (signal.kind === 'case-ended') {
    const { process, outcome, ms, costMicroUsd } = signal;
    return {
      name: `case ${process}`,
      place: at(caseSpanId(runId)),
      parent: started,
      from: now - ms,
      to: now,
      attributes: { ...common, 'governor.outcome': outcome, 'governor.cost_micro_usd': costMicroUsd },
    };
  }
  if (signal.kind === 'step') {
    const { step, agent, tool, at: ended, ms, outcome, verdict, rule, costMicroUsd, failure } = signal.decision;
    const to = Date.parse(ended);
    return {
      name: `step ${step}`,
      place: at(stepSpanId(runId, step)),
      parent: at(caseSpanId(runId)),
      from: to - ms,
      to,
      attributes: {
        ...common,
        'governor.agent': agent,
        'governor.tool': tool,
        'governor.outcome': outcome,
        'governor.verdict': verdict,
        'governor.rule': rule,
        'governor.prompt': signal.prompt,
        'governor.cost_micro_usd': costMicroUsd,
      },
      failure: failure?.type,
    };
  }
  if (signal.kind !== 'request-closed') return undefined;
  const { step, request, tier, rung, verdict, via, identity, askedAt, ms } = signal;
  const from = Date.parse(askedAt);
  return {
    name: `ask ${request}`,
    place: at(askSpanId(runId, step, askedAt)),
    parent: at(OF_A_STEP.has(request) ? stepSpanId(runId, step) : caseSpanId(runId)),
    from,
    to: from + ms,
    attributes: {
      ...common,
      'governor.kind': request,
      'governor.tier': tier,
      'governor.rung': rung,
      'governor.verdict': verdict,
      'governor.via': via,
      'governor.identity': identity,
    },
  };
}
