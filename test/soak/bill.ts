import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a provider charges for one answer. */
export interface Bill {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
}

type Usage = Omit<Bill, 'costMicroUsd'>;

/** Name and prices of the endpoint that stands in for the first provider, US dollars per million tokens. */
export const STAND_IN = { model: 'stand-in', inputUsd: 0.1, outputUsd: 0.5 } as const;

const List = z.object({
  rows: z.array(z.object({ model: z.string(), prices: z.object({ input: z.int(), output: z.int() }) })),
});
const listed = List.parse(JSON.parse(readFileSync(new URL('../../models/prices.json', import.meta.url), 'utf8')));

/** The provider's own arithmetic: it shares the price list with the house, and nothing else. */
export function billOf(model: string, { inputTokens, outputTokens }: Usage): Bill {
  const { input, output } = pricesOf(model);
  const microUsdMillions = inputTokens * input + outputTokens * output;
  return { inputTokens, outputTokens, costMicroUsd: Math.ceil(microUsdMillions / 1_000_000) };
}

function pricesOf(model: string): { readonly input: number; readonly output: number } {
  if (model === STAND_IN.model) return { input: STAND_IN.inputUsd * 1e6, output: STAND_IN.outputUsd * 1e6 };
  const row = listed.rows.findLast((each) => each.model === model);
  if (!row) throw new Error(`nobody sells ${model}`);
  return row.prices;
}

/** By its usage a call in a history is found again in the provider's log. */
export const usageKey = (model: string, { inputTokens, outputTokens }: Usage): string =>
  `${model} ${inputTokens} ${outputTokens}`;

/** Hands out usage that looks like that of a real answer, and never the same twice. */
export class UniqueUsage {
  readonly #taken = new Set<string>();

  next(model: string, askedLength: number, answeredLength: number): Usage {
    const outputTokens = Math.ceil(answeredLength / 4);
    let inputTokens = Math.ceil(askedLength / 4);
    while (this.#taken.has(usageKey(model, { inputTokens, outputTokens }))) inputTokens += 1;
    this.#taken.add(usageKey(model, { inputTokens, outputTokens }));
    return { inputTokens, outputTokens };
  }
}
