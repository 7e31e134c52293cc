import { activityInfo } from '@temporalio/activity';
import { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import type { AgentTask, Proposal } from '../contracts/decision.ts';
import type { LabelsOf } from '../contracts/decision-points.ts';
import { digestOf } from '../contracts/digest.ts';
import { Failed, fail } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import { toolSpan } from '../telemetry/gen-ai.ts';
import { traceparentOf } from '../telemetry/trace-ids.ts';
import { silentTracer } from '../telemetry/tracer.ts';
import type { AgentDeps } from './deps.ts';
import type { CallOptions } from './tool-client.ts';

/** The tool's share of an attempt's time. */
const TOOL_SHARE = 0.3;

export interface Acted {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly replayed: boolean;
  /** Set where an earlier call under this key was made in other words: this is what was really done. */
  readonly done?: Readonly<Record<string, unknown>>;
  /** Set where it was another run that did it. */
  readonly ofAnotherRun?: true;
  readonly ms: number;
}

/**
 * One call of the agent's one tool. A cancellation that comes now is too late: the call goes on, and what it did is told.
 * @throws Failed what the tool failed with, with the agent's and the tool's name in its details
 */
export async function act(agent: Agent, task: AgentTask, proposal: Proposal, deps: AgentDeps): Promise<Acted> {
  if (proposal.tool !== agent.tool.name) {
    throw new Failed(
      fail('ToolMissing', `${agent.name} may call ${agent.tool.name} and nothing else.`, {
        agent: agent.name,
        tool: proposal.tool,
      }),
    );
  }
  const timeoutMs = Math.round(task.pin.timeoutMs * TOOL_SHARE);
  const began = performance.now();
  try {
    const run = activityInfo().workflowExecution?.runId;
    const approvals = tokensOf(task);
    const options = { key: task.key, run, signal: AbortSignal.timeout(timeoutMs), timeoutMs, approvals };
    const { answer, replayed, call, ofAnotherRun } = await callTool(agent.tool, proposal.call, options, deps);
    countEffect(agent.tool, ofAnotherRun ? 'of-another-run' : replayed ? 'replayed' : 'done', deps);
    return {
      answer,
      replayed,
      ms: Math.round(performance.now() - began),
      ...(call ? { done: call } : {}),
      ...(ofAnotherRun ? { ofAnotherRun } : {}),
    };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    countEffect(agent.tool, NOT_DONE[error.failure.type] ?? 'failed', deps);
    const details = { ...error.failure.details, agent: agent.name, tool: agent.tool.name, step: task.step };
    throw new Failed({ ...error.failure, details }, { retryAfterMs: error.retryAfterMs, cause: error.cause });
  }
}

/** The tool's side goes on in the same trace. */
function callTool(
  tool: Tool,
  call: Proposal['call'],
  options: CallOptions,
  { tools, tracer = silentTracer }: AgentDeps,
) {
  return tracer.within(`act ${tool.name}`, { kind: 'client', attributes: toolSpan(tool.name) }, async ({ place }) =>
    tools.call(tool, call, place ? { ...options, traceparent: traceparentOf(place) } : options),
  );
}

type EffectResult = LabelsOf<'governor_effects_total'>['result'];

/** What else than failed may have become of an effect. */
const NOT_DONE: Readonly<Record<string, EffectResult>> = { EffectUnknown: 'unknown', EffectInFlight: 'in-flight' };

function countEffect({ kind, name: tool }: Tool, result: EffectResult, { meter }: AgentDeps): void {
  if (kind === 'effect') meter?.tell('governor_effects_total', { tool, result });
}

/** The signed yeses that this call rests on, for the tool to see. */
function tokensOf({ seal, approvals = [] }: AgentTask): string[] {
  const answers = [...(seal?.answer ? [seal.answer] : []), ...approvals];
  return answers.flatMap((answer) => [...(answer.with ?? []), answer]).flatMap(({ token }) => token ?? []);
}

const contracts = new Map<string, string>();

/** Digest of the tool's argument schema: an approval holds for the contract it was given under. */
export function contractDigest(agent: Agent): string {
  const known = contracts.get(agent.tool.name);
  if (known) return known;
  const digest = digestOf(z.toJSONSchema(agent.tool.input, { io: 'input' }));
  contracts.set(agent.tool.name, digest);
  return digest;
}
