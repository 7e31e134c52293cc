import { Failed, fail } from '../contracts/failures.ts';
import type { CatalogRow } from './catalog.ts';
import type { Prices } from './model.ts';

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
    throw new Failed(
      fail('ModelMisconfigured', 'An endpoint that is not on this machine has to state its prices.', {
        model: settings.model,
      }),
    );
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
