import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Failed, fail } from '../contracts/failures.ts';
import { MicroUsd } from '../contracts/money.ts';
import type { Candidate, PlanRequest } from './model.ts';

/**
 * The models that may be asked, with their prices and limits. A model without a row is refused, however alike its name
 * is: a price that was guessed is a budget that does not hold.
 */
export type Tier = PlanRequest['tier'];
export const TIERS = ['fast', 'reasoning', 'code'] as const satisfies readonly Tier[];

const Row = z.strictObject({
  model: z.string().min(1).max(100),
  provider: z.enum(['anthropic', 'openai']),
  /** Day from which the prices hold. A model may have several rows; the latest that has begun counts. */
  effectiveFrom: z.iso.date(),
  prices: z.strictObject({ input: MicroUsd, cacheRead: MicroUsd, cacheWrite: MicroUsd, output: MicroUsd }),
  contextTokens: z.int().positive(),
  outputTokens: z.int().positive(),
  /** A request of more tokens is billed at a higher price, so none is sent. */
  longContextAbove: z.int().positive().nullable(),
  /** Output tokens that a call may spend on thinking, beside its answer. */
  thinkingTokens: z.int().min(0),
  /** True where the model takes a forced tool; false where the answer's schema is set instead. */
  forcedTool: z.boolean(),
  /** How hard to think; null leaves the setting out, for models that refuse it. */
  effort: z.enum(['low', 'medium', 'high']).nullable(),
  /** How thinking is turned down; null leaves the setting out. A forced tool needs it off where it is on by default. */
  thinking: z.enum(['disabled', 'between_tools']).nullable(),
});

const perTier = <T extends z.ZodType>(value: T) => z.strictObject({ fast: value, reasoning: value, code: value });

const Table = z.strictObject({
  /** Day on which somebody last compared it with the providers' price lists. */
  checkedOn: z.iso.date(),
  unit: z.literal('micro-dollars per million tokens'),
  tiers: perTier(z.array(z.string()).min(1).max(6)),
  /** Whose prices a simulated answer is charged at. */
  standsFor: perTier(z.string()),
  rows: z.array(Row).min(1).max(200),
});

/** One model as this process may use it. `compatible` rows come from the settings, not from the table. */
export interface CatalogRow extends Omit<z.output<typeof Row>, 'provider' | 'effectiveFrom'> {
  readonly provider: Exclude<Candidate['provider'], 'embedded'>;
}

export interface Catalog {
  readonly checkedOn: string;
  readonly tiers: Readonly<Record<Tier, readonly CatalogRow[]>>;
  readonly standsFor: Readonly<Record<Tier, CatalogRow>>;
  readonly rows: ReadonlyMap<string, CatalogRow>;
}

const PACKAGED = new URL('./prices.json', import.meta.url);

/**
 * Reads the price table: the packaged one, or an operator's file of the same shape in its place.
 * `today` is an ISO date. Throws `Failed` ModelMisconfigured with all problems of the file at once.
 */
export function loadCatalog(file: string | URL = PACKAGED, today = new Date().toISOString().slice(0, 10)): Catalog {
  const parsed = Table.safeParse(readJson(file));
  if (!parsed.success) throw broken(z.prettifyError(parsed.error));

  const { tiers, standsFor, checkedOn } = parsed.data;
  const rows = inForce(parsed.data.rows, today);
  const named = [...new Set([...Object.values(tiers).flat(), ...Object.values(standsFor)])];
  const missing = named.filter((model) => !rows.has(model));
  if (missing.length > 0) throw broken(`no price in force on ${today} for ${missing.join(', ')}`);

  const row = (model: string): CatalogRow => {
    const found = rows.get(model);
    if (!found) throw broken(`no price for ${model}`);
    return found;
  };
  return {
    checkedOn,
    rows,
    tiers: { fast: tiers.fast.map(row), reasoning: tiers.reasoning.map(row), code: tiers.code.map(row) },
    standsFor: { fast: row(standsFor.fast), reasoning: row(standsFor.reasoning), code: row(standsFor.code) },
  };
}

let packaged: Catalog | undefined;
/** The packaged table, read once. */
export function defaultCatalog(): Catalog {
  packaged ??= loadCatalog();
  return packaged;
}

function inForce(rows: readonly z.output<typeof Row>[], today: string): Map<string, CatalogRow> {
  const begun = rows.filter((row) => row.effectiveFrom <= today);
  const oldestFirst = begun.toSorted((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
  return new Map(oldestFirst.map((row) => [row.model, row]));
}

function readJson(file: string | URL): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw broken(cause instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read');
  }
}

const broken = (problem: string): Failed =>
  new Failed(fail('ModelMisconfigured', `The price table cannot be used: ${problem}`));
