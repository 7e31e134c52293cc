import Anthropic from '@anthropic-ai/sdk';
import { cutOff, readCall, readText, type WireCall, wireToolName } from './answer.ts';
import type { CatalogRow } from './catalog.ts';
import type { ModelRequest } from './model.ts';
import { failedAnswer, type Outcome, type Provider } from './provider.ts';
import { readUsage } from './usage.ts';

type Params = Anthropic.MessageCreateParamsNonStreaming;

/** Anthropic's Messages API. Retries are Temporal's, so the SDK makes none; it logs nothing, as it would log prompts. */
export function createAnthropic(settings: { apiKey: string; baseUrl?: string | undefined }): Provider {
  const client = new Anthropic({
    apiKey: settings.apiKey,
    baseURL: settings.baseUrl ?? 'https://api.anthropic.com',
    maxRetries: 0,
    logLevel: 'off',
  });
  return async (row, request, signal) => {
    const message = await client.messages.create(paramsOf(row, request), { signal, timeout: request.timeoutMs });
    return readMessage(message, row, request);
  };
}

function paramsOf(row: CatalogRow, request: ModelRequest): Params {
  return {
    model: row.model,
    max_tokens: request.maxOutputTokens + row.thinkingTokens,
    system: request.system,
    messages: [{ role: 'user', content: request.user }],
    // Other service tiers have other prices than the table's.
    service_tier: 'standard_only',
    ...(row.thinking ? { thinking: { type: row.thinking } } : {}),
    ...(row.forcedTool ? forcedTool(row, request) : answerFormat(row, request)),
  };
}

const effortOf = (row: CatalogRow) => (row.effort ? { effort: row.effort } : {});

function answerFormat(row: CatalogRow, { schema }: ModelRequest): Partial<Params> {
  return { output_config: { ...effortOf(row), format: { type: 'json_schema', schema } } };
}

function forcedTool(row: CatalogRow, request: ModelRequest): Partial<Params> {
  const name = wireToolName(request);
  const input_schema: Anthropic.Tool.InputSchema = { ...request.schema, type: 'object' };
  return {
    tools: [{ name, description: request.agent.tool.purpose, input_schema, strict: true }],
    tool_choice: { type: 'tool', name, disable_parallel_tool_use: true },
    ...(row.effort ? { output_config: effortOf(row) } : {}),
  };
}

function readMessage(message: Anthropic.Message, row: CatalogRow, request: ModelRequest): Outcome {
  if (!Array.isArray(message?.content)) return failedAnswer(row, 'an answer without content');
  const usage = readUsage(
    {
      input: message.usage?.input_tokens,
      cacheRead: message.usage?.cache_read_input_tokens,
      cacheWrite: message.usage?.cache_creation_input_tokens,
      output: message.usage?.output_tokens,
    },
    row,
    request,
  );
  const { stop_reason: stopped } = message;
  if (stopped === 'refusal') {
    return {
      kind: 'refused',
      why: `The model refused (${message.stop_details?.category ?? 'no reason given'}).`,
      usage,
    };
  }
  if (stopped === 'max_tokens' || stopped === 'model_context_window_exceeded') return cutOff(request, usage);

  const calls = message.content.filter((block) => block.type === 'tool_use').map(callOf);
  if (row.forcedTool) return readCall(calls, wireToolName(request), usage);
  const text = message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');
  return readText(text, calls, usage);
}

const callOf = (block: Anthropic.ToolUseBlock): WireCall => ({ name: block.name, arguments: block.input });
