import type { Attributes } from './tracer.ts';

/**
 * The attributes of OpenTelemetry's conventions for generative AI, which are still in development: their names are here
 * and nowhere else. Content (messages, arguments, answers) has attributes of its own in the conventions; we set none.
 */
export const GEN_AI_CONVENTIONS = '1.42.0-dev';

/** An agent that does its one step. */
export const agentSpan = (agent: string, process: string, caseId: string): Attributes => ({
  'gen_ai.operation.name': 'invoke_agent',
  'gen_ai.agent.name': agent,
  'gen_ai.workflow.name': process,
  'gen_ai.conversation.id': caseId,
});

/** One question to a model. */
export const chatSpan = (provider: string, model: string, prompt: string, maxTokens: number): Attributes => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': PROVIDERS[provider] ?? provider,
  'gen_ai.request.model': model,
  'gen_ai.request.max_tokens': maxTokens,
  'gen_ai.prompt.name': prompt,
});

const PROVIDERS: Readonly<Record<string, string>> = { compatible: 'openai', embedded: 'governor.rules' };

export interface UsedTokens {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/** What it used; its input counts what came from a cache as well. */
export const usageOfChat = ({ input, cacheRead, cacheWrite, output }: UsedTokens): Attributes => ({
  'gen_ai.usage.input_tokens': input + cacheRead + cacheWrite,
  'gen_ai.usage.cache_read.input_tokens': cacheRead,
  'gen_ai.usage.cache_creation.input_tokens': cacheWrite,
  'gen_ai.usage.output_tokens': output,
});

/** A call of a tool, as the agent makes it. */
export const toolSpan = (tool: string): Attributes => ({
  'gen_ai.operation.name': 'execute_tool',
  'gen_ai.tool.name': tool,
});

/** The same call as MCP carries it, on either side. */
export const mcpSpan = (tool: string): Attributes => ({
  'mcp.method.name': 'tools/call',
  'gen_ai.tool.name': tool,
});
