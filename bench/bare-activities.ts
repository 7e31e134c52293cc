import type { Client } from '@modelcontextprotocol/client';
import { activityInfo } from '@temporalio/activity';
import type OpenAI from 'openai';
import { bindArguments, unboundSchema } from '../activities/proposal.ts';
import type { Agent } from '../agents/define-agent.ts';
import { agents } from '../agents/index.ts';
import { IDEMPOTENCY_KEY, type ToolOutput } from '../contracts/tool.ts';
import { answerSchema } from '../models/schema.ts';

export type BareAnswers = { [Name in keyof typeof agents]: ToolOutput<(typeof agents)[Name]['tool']> };
export type BareStep<Name extends keyof BareAnswers> = (
  input: Readonly<Record<string, unknown>>,
) => Promise<BareAnswers[Name]>;

export interface BareParts {
  readonly model: OpenAI;
  readonly tools: Client;
  /** What the model is told, by agent. */
  readonly systems: Readonly<Record<string, string>>;
}

/** One activity an agent: ask the model, parse its answer, call the tool, return what it said. */
export const bareActivities = (parts: BareParts): object =>
  Object.fromEntries(Object.values(agents).map((agent) => [agent.name, bareActivity(agent, parts)]));

function bareActivity(
  agent: Agent,
  { model, tools, systems }: BareParts,
): (input: Record<string, unknown>) => Promise<unknown> {
  const system = systems[agent.name] ?? '';
  const schema = agent.tier === 'none' ? {} : answerSchema(unboundSchema(agent));
  return async (input) => {
    const completion = await model.chat.completions.create(
      {
        model: 'bench',
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: agent.shows.map((name) => `${name}:\n${textOf(input[name])}`).join('\n\n') },
        ],
        max_tokens: agent.bounds.maxOutputTokens,
        response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema } },
      },
      { timeout: 12_000 },
    );
    const { arguments: chosen } = JSON.parse(completion.choices[0]?.message.content ?? '{}');
    const { workflowExecution } = activityInfo();
    const caseId = workflowExecution?.workflowId ?? '';
    const bound = bindArguments(agent, input, { caseId, process: 'bare', startedAt: String(input['startedAt'] ?? '') });
    const result = await tools.callTool({
      name: agent.tool.name,
      arguments: { ...chosen, ...bound },
      _meta: { [IDEMPOTENCY_KEY]: `${caseId}:${agent.name}` },
    });
    if (result.isError) throw new Error(`${agent.tool.name} failed.`);
    return result.structuredContent;
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
