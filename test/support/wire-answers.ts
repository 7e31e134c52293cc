import { createAnthropic } from '../../models/anthropic.ts';
import { type CatalogRow, defaultCatalog } from '../../models/catalog.ts';
import { createCompatible } from '../../models/compatible.ts';
import { compatibleRow } from '../../models/compatible-row.ts';
import { createOpenAi } from '../../models/openai.ts';
import type { Provider } from '../../models/provider.ts';
import { ANSWER, modelRequest } from './model-request.ts';

/** What each provider's wire says for one and the same answer with one and the same usage. */

export const rowOf = (model: string): CatalogRow => {
  const row = defaultCatalog().rows.get(model);
  if (!row) throw new Error(`no row ${model}`);
  return row;
};
export const TEXT = JSON.stringify(ANSWER);
export const SCHEMA = modelRequest().schema;
export const USAGE = { input: 100, cacheRead: 20, cacheWrite: 10, output: 40 };

export const anthropicUsage = {
  input_tokens: 100,
  cache_read_input_tokens: 20,
  cache_creation_input_tokens: 10,
  output_tokens: 40,
};
export const openAiUsage = {
  input_tokens: 130,
  input_tokens_details: { cached_tokens: 20, cache_write_tokens: 10 },
  output_tokens: 40,
};
export const chatUsage = {
  prompt_tokens: 130,
  prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 10 },
  completion_tokens: 40,
};

export const message = (more: object) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: TEXT }],
  stop_reason: 'end_turn',
  usage: anthropicUsage,
  ...more,
});
export const said = (content: object) => [{ type: 'message', role: 'assistant', content: [content] }];
export const response = (more: object) => ({
  object: 'response',
  status: 'completed',
  output: said({ type: 'output_text', text: TEXT }),
  usage: openAiUsage,
  ...more,
});
export const completion = (choice: object, more: object = {}) => ({
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: TEXT }, ...choice }],
  usage: chatUsage,
  ...more,
});

export const WIRES = [
  {
    wire: 'anthropic messages',
    row: rowOf('claude-haiku-5-5'),
    at: (url: string): Provider => createAnthropic({ apiKey: 'k', baseUrl: url }),
    whole: message({}),
    untold: message({ usage: undefined }),
    nonsense: message({ usage: { ...anthropicUsage, output_tokens: -1 } }),
    sends: {
      max_tokens: 1200,
      service_tier: 'standard_only',
      output_config: { effort: 'low', format: { type: 'json_schema', schema: SCHEMA } },
    },
  },
  {
    wire: 'openai responses',
    row: rowOf('gpt-6-luna'),
    at: (url: string): Provider => createOpenAi({ apiKey: 'k', baseUrl: url }),
    whole: response({}),
    untold: response({ usage: undefined }),
    nonsense: response({ usage: { ...openAiUsage, input_tokens: 'many' } }),
    sends: {
      max_output_tokens: 1200,
      service_tier: 'default',
      store: false,
      text: { format: { type: 'json_schema', name: 'answer', strict: true, schema: SCHEMA } },
    },
  },
  {
    wire: 'compatible chat',
    row: compatibleRow({ baseUrl: 'http://localhost', model: 'local' }),
    at: (url: string): Provider => createCompatible({ baseUrl: url, model: 'local' }),
    whole: completion({}),
    untold: completion({}, { usage: undefined }),
    nonsense: completion({}, { usage: { ...chatUsage, completion_tokens: null } }),
    sends: {
      max_tokens: 200,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: SCHEMA } },
    },
  },
];
