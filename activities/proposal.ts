import { z } from 'zod';
import type { Agent } from '../agents/define-agent.ts';
import type { AgentTask, CaseFacts, Proposal } from '../contracts/decision.ts';
import { Failed, fail } from '../contracts/failures.ts';
import type { Candidate } from '../models/model.ts';

const REASONING_LENGTH = 500;

/** What a model answered, held against the arguments that it may choose. */
export interface ReadAnswer {
  readonly arguments: Record<string, unknown>;
  readonly confidence: number;
  readonly reasoning: string;
  /** Set where the model is not sure and gave no whole call: a person supplies what is missing. */
  readonly incomplete?: true;
}

/** The tool's arguments that come from the case. */
export function bindArguments(agent: Agent, input: unknown, facts: CaseFacts): Record<string, unknown> {
  const bound = agent.bound as Record<string, (input: unknown, facts: CaseFacts) => unknown>;
  return Object.fromEntries(Object.entries(bound).map(([name, from]) => [name, from(input, facts)]));
}

const unboundSchemas = new WeakMap<Agent, z.ZodObject>();

/** The arguments that are left to the model. Made once for each agent: a schema's first parse compiles it. */
export function unboundSchema(agent: Agent): z.ZodObject {
  const known = unboundSchemas.get(agent);
  if (known) return known;
  const unbound = Object.entries(agent.tool.input.shape).filter(([name]) => !Object.hasOwn(agent.bound, name));
  const schema = z.strictObject(Object.fromEntries(unbound));
  unboundSchemas.set(agent, schema);
  return schema;
}

/** What surrounds the arguments in an answer. */
const Shell = z.strictObject({ arguments: z.unknown(), confidence: z.number().min(0).max(1), reasoning: z.string() });

/**
 * The model's answer, or what is wrong with it in words for the model. One that is unsure of itself below `floor` is
 * not asked again for what it does not know.
 */
export function readAnswer(
  agent: Agent,
  value: unknown,
  schema: z.ZodObject,
  floor: number,
): ReadAnswer | { complaint: string } {
  const shell = Shell.safeParse(value);
  if (!shell.success) return { complaint: complain(agent, shell.error) };
  const { confidence } = shell.data;
  const reasoning = shell.data.reasoning.slice(0, REASONING_LENGTH);
  const chosen = schema.safeParse(shell.data.arguments);
  if (chosen.success) return { arguments: chosen.data, confidence, reasoning };
  if (confidence < floor)
    return { arguments: validParts(shell.data.arguments, schema), confidence, reasoning, incomplete: true };
  return { complaint: complain(agent, chosen.error) };
}

/** Bound and chosen arguments together are the call; nothing that a model wrote can replace a bound one. */
export function completeProposal(
  agent: Agent,
  task: AgentTask,
  bound: Record<string, unknown>,
  read: ReadAnswer,
  candidate?: Candidate,
): Proposal {
  const call = { ...read.arguments, ...bound };
  const complete = !read.incomplete;
  if (complete) checkCall(agent, call);
  return {
    tool: agent.tool.name,
    call,
    complete,
    confidence: read.confidence,
    reasoning: read.reasoning,
    model: candidate?.model ?? 'none',
    simulated: candidate?.simulated ?? false,
    prompt: task.pin.prompt,
  };
}

/** The arguments that are valid each on its own. */
function validParts(value: unknown, schema: z.ZodObject): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(schema.shape).flatMap(([name, part]) => {
      const parsed = (part as z.ZodType).safeParse(given[name]);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
}

/** A call that the tool's schema refuses although the model's part fits: the bound part is ours, so it is our mistake. */
function checkCall(agent: Agent, call: Record<string, unknown>): void {
  const parsed = agent.tool.input.safeParse(call);
  if (parsed.success) return;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw new Failed(
    fail('ToolRejected', `${agent.tool.name} cannot take the arguments bound by ${agent.name}: ${fields.join(', ')}.`, {
      agent: agent.name,
      tool: agent.tool.name,
      fields,
    }),
  );
}

/** Names fields and rules, and repeats nothing of what the model or a tool has said. */
function complain(agent: Agent, error: z.ZodError): string {
  const issues = error.issues.slice(0, 8).map((issue) => `${issue.path.join('.') || 'answer'}: ${issue.message}`);
  return `The answer is no valid call of ${agent.tool.name}: ${issues.join('; ')}.`;
}
