import type OpenAI from 'openai';
import { ANSWER_NAME, cutOff, readText } from './answer.ts';
import type { CatalogRow } from './catalog.ts';
import type { CompatibleSettings } from './compatible-row.ts';
import type { ModelRequest } from './model.ts';
import { openAiClient } from './openai.ts';
import { failedAnswer, type Outcome, type Provider } from './provider.ts';
import { readUsage } from './usage.ts';

/** Chat completions with the answer's schema. Such endpoints often want no key, but the SDK wants one to be given. */
export function createCompatible({ baseUrl, apiKey }: CompatibleSettings): Provider {
  const client = openAiClient({ apiKey: apiKey ?? 'none', baseUrl });
  return async (row, request, signal) => {
    const completion = await client.chat.completions.create(paramsOf(row, request), {
      signal,
      timeout: request.timeoutMs,
    });
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
    response_format: {
      type: 'json_schema',
      json_schema: { name: ANSWER_NAME, strict: true, schema: { ...request.schema } },
    },
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
