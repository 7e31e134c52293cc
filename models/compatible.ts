import type OpenAI from 'openai';
import { Failed, fail } from '../contracts/failures.ts';
import { ANSWER_NAME, cutOff, readText } from './answer.ts';
import type { CatalogRow } from './catalog.ts';
import type { ModelRequest, Prices } from './model.ts';
import { openAiClient } from './openai.ts';
import { failedAnswer, type Outcome, type Provider } from './provider.ts';
import { readUsage } from './usage.ts';

/** An endpoint that speaks OpenAI's chat completions: Ollama, llama.cpp, vLLM, a gateway. */
export interface CompatibleSettings {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: string | undefined;
  /** Has to be told, 0 included; only on this machine is an endpoint free without saying so. */
  readonly prices?: Prices | undefined;
  readonly contextTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
}

const FREE: Prices = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The endpoint's row. Throws `Failed` ModelMisconfigured where an endpoint elsewhere does not say its prices. */
export function compatibleRow(settings: CompatibleSettings): CatalogRow {
  const prices = settings.prices ?? (isLoopback(settings.baseUrl) ? FREE : undefined);
  if (!prices) {
    throw new Failed(fail('ModelMisconfigured', 'An endpoint that is not on this machine has to state its prices.', { model: settings.model }));
  }
  return {
    model: settings.model,
    provider: 'compatible',
    prices,
    contextTokens: settings.contextTokens ?? 128_000,
    outputTokens: settings.outputTokens ?? 32_000,
    longContextAbove: null,
    thinkingTokens: 0,
    // Local servers were seen to ignore a forced tool; the answer's schema holds.
    forcedTool: false,
    effort: null,
    thinking: null,
  };
}

function isLoopback(baseUrl: string): boolean {
  return URL.canParse(baseUrl) && LOOPBACK.test(new URL(baseUrl).hostname);
}

/** Chat completions with the answer's schema. Such endpoints often want no key, but the SDK wants one to be given. */
export function createCompatible({ baseUrl, apiKey }: CompatibleSettings): Provider {
  const client = openAiClient({ apiKey: apiKey ?? 'none', baseUrl });
  return async (row, request, signal) => {
    const completion = await client.chat.completions.create(paramsOf(row, request), { signal, timeout: request.timeoutMs });
    return readCompletion(completion, row, request);
  };
}

function paramsOf(row: CatalogRow, request: ModelRequest): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model: row.model,
    messages: [
      { role: 'system', content: request.system },
      { role: 'user', content: request.user },
    ],
    max_tokens: request.maxOutputTokens + row.thinkingTokens,
    response_format: { type: 'json_schema', json_schema: { name: ANSWER_NAME, strict: true, schema: { ...request.schema } } },
  };
}

function readCompletion(completion: OpenAI.ChatCompletion, row: CatalogRow, request: ModelRequest): Outcome {
  const choice = completion?.choices?.[0];
  if (!choice?.message) return failedAnswer(row, 'an answer without a message');
  const { usage: reported } = completion;
  const usage = readUsage(
    {
      total: reported?.prompt_tokens,
      cacheRead: reported?.prompt_tokens_details?.cached_tokens,
      cacheWrite: reported?.prompt_tokens_details?.cache_write_tokens,
      output: reported?.completion_tokens,
    },
    row,
    request,
  );
  const { message, finish_reason: stopped } = choice;
  if (message.refusal || stopped === 'content_filter') return { kind: 'refused', why: 'The model refused.', usage };
  if (stopped === 'length') return cutOff(request, usage);
  const calls = (message.tool_calls ?? []).map((call) => ({ name: call.type, arguments: undefined }));
  return readText(message.content ?? '', calls, usage);
}
