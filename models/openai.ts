import OpenAI from 'openai';
import { ANSWER_NAME, cutOff, readCall, readText, wireToolName } from './answer.ts';
import type { CatalogRow } from './catalog.ts';
import type { ModelRequest } from './model.ts';
import { failedAnswer, type Outcome, type Provider } from './provider.ts';
import { readUsage } from './usage.ts';

type Responses = OpenAI.Responses.Response;
type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

/** OpenAI's Responses API. Retries are Temporal's, so the SDK makes none; it logs nothing, as it would log prompts. */
export function createOpenAi(settings: { apiKey: string; baseUrl?: string | undefined }): Provider {
  const client = openAiClient({ apiKey: settings.apiKey, baseUrl: settings.baseUrl ?? 'https://api.openai.com/v1' });
  return async (row, request, signal) => {
    const response = await client.responses.create(paramsOf(row, request), { signal, timeout: request.timeoutMs });
    return readResponse(response, row, request);
  };
}

/** A client that takes nothing from the environment. */
export const openAiClient = ({ apiKey, baseUrl }: { apiKey: string; baseUrl: string }): OpenAI =>
  new OpenAI({
    apiKey,
    baseURL: baseUrl,
    maxRetries: 0,
    logLevel: 'off',
    organization: null,
    project: null,
    webhookSecret: null,
  });

function paramsOf(row: CatalogRow, request: ModelRequest): Params {
  return {
    model: row.model,
    instructions: request.system,
    input: request.user,
    max_output_tokens: request.maxOutputTokens + row.thinkingTokens,
    // Nothing is kept at the provider, and other service tiers have other prices than the table's.
    store: false,
    service_tier: 'default',
    ...(row.effort ? { reasoning: { effort: row.effort } } : {}),
    ...(row.forcedTool ? forcedTool(request) : answerFormat(request)),
  };
}

function answerFormat({ schema }: ModelRequest): Partial<Params> {
  return { text: { format: { type: 'json_schema', name: ANSWER_NAME, strict: true, schema: { ...schema } } } };
}

function forcedTool(request: ModelRequest): Partial<Params> {
  const name = wireToolName(request);
  const { purpose } = request.agent.tool;
  return {
    tools: [{ type: 'function', name, description: purpose, parameters: { ...request.schema }, strict: true }],
    tool_choice: { type: 'function', name },
    parallel_tool_calls: false,
  };
}

function readResponse(response: Responses, row: CatalogRow, request: ModelRequest): Outcome {
  if (response?.error && response.status !== 'completed') return readError(response, row, request);
  if (!Array.isArray(response?.output)) return failedAnswer(row, 'an answer without output');
  const usage = usageOf(response, row, request);

  const content = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const refused =
    content.some((part) => part.type === 'refusal') || response.incomplete_details?.reason === 'content_filter';
  if (refused) return { kind: 'refused', why: 'The model refused.', usage };
  if (response.status === 'incomplete') return cutOff(request, usage);

  const calls = response.output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
  if (row.forcedTool) return readCall(calls, wireToolName(request), usage);
  const text = content.map((part) => (part.type === 'output_text' ? part.text : '')).join('');
  return readText(text, calls, usage);
}

/** An error inside an answer of status 200. */
function readError(response: Responses, row: CatalogRow, request: ModelRequest): Outcome {
  const code = response.error?.code ?? '';
  if (/policy|invalid_prompt/.test(code)) {
    return {
      kind: 'refused',
      why: `The provider refused the content (${code}).`,
      usage: usageOf(response, row, request),
    };
  }
  return failedAnswer(
    row,
    `an error in the answer (${code})`,
    code === 'rate_limit_exceeded' ? 'ModelRateLimited' : 'ModelUnavailable',
  );
}

const usageOf = ({ usage }: Responses, row: CatalogRow, request: ModelRequest) =>
  readUsage(
    {
      total: usage?.input_tokens,
      cacheRead: usage?.input_tokens_details?.cached_tokens,
      cacheWrite: usage?.input_tokens_details?.cache_write_tokens,
      output: usage?.output_tokens,
    },
    row,
    request,
  );
