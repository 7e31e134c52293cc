import { showUsd } from '../contracts/money.ts';
import type { Catalog, CatalogRow } from './catalog.ts';
import { OVERHEAD_TOKENS, worstCaseOf } from './cost.ts';
import type { Candidate, Plan, PlanRequest } from './model.ts';

export { costOf, worstCaseMicroUsd } from './cost.ts';

/** The name under which simulated answers are recorded. */
export const EMBEDDED_MODEL = 'embedded-rules';

/** What this process can ask, and how it fares. */
export interface Supply {
  readonly catalog: Catalog;
  /** Providers with a key. Where there is neither a key nor a compatible endpoint, answers are simulated. */
  readonly providers: ReadonlySet<'anthropic' | 'openai'>;
  /** A compatible endpoint's model; it stands behind every tier's own models. */
  readonly compatible?: CatalogRow | undefined;
  /** Why a model may not be asked now, and how long that lasts at least; nothing where it may. */
  readonly closedTo: (model: string) => { readonly why: string; readonly retryInMs?: number } | undefined;
}

type Rejection = Plan['rejections'][number];

/**
 * Who may be asked, in order, and why the others may not. Models that failed in this step come last. High stakes take
 * the tier's first model of the configured providers or none: what stands in for it is a person.
 */
export function planCandidates(request: PlanRequest, supply: Supply): Plan {
  if (isSimulated(supply)) return simulated(request, supply);

  const rejections: Rejection[] = [];
  const reject = (row: CatalogRow, rejection: Omit<Rejection, 'model'>) =>
    rejections.push({ model: row.model, ...rejection });

  const configured = rowsOf(request, supply).filter((row) => {
    const has = row.provider === 'compatible' || supply.providers.has(row.provider);
    if (!has) reject(row, { why: `no key for ${row.provider}` });
    return has;
  });

  const [first, ...others] = configured;
  const substitutes = request.stakes === 'high' ? others : [];
  const allowed = request.stakes === 'high' && first ? [first] : configured;
  for (const row of substitutes) reject(row, { why: 'high stakes: no other model stands in for the first' });

  const able = allowed.filter((row) => {
    const rejection = outOfBounds(row, request) ?? supply.closedTo(row.model);
    if (rejection) reject(row, rejection);
    return !rejection;
  });
  return { candidates: failedLast(able, request.failed).map(asCandidate), rejections };
}

/** True where no model can be asked and the embedded rules answer instead; they never mix with a real provider. */
export const isSimulated = (supply: Pick<Supply, 'providers' | 'compatible'>): boolean =>
  supply.providers.size === 0 && !supply.compatible;

function rowsOf({ tier }: PlanRequest, { catalog, compatible }: Supply): readonly CatalogRow[] {
  return compatible ? [...catalog.tiers[tier], compatible] : catalog.tiers[tier];
}

function failedLast(rows: readonly CatalogRow[], failed: readonly string[]): readonly CatalogRow[] {
  const hasFailed = (row: CatalogRow) => failed.includes(row.model);
  return [...rows.filter((row) => !hasFailed(row)), ...rows.filter(hasFailed)];
}

function outOfBounds(row: CatalogRow, request: PlanRequest): { why: string } | undefined {
  const input = request.maxInputBytes + OVERHEAD_TOKENS;
  const output = request.maxOutputTokens + row.thinkingTokens;
  const cost = worstCaseOf(row, request);
  const limit = Math.min(row.longContextAbove ?? Infinity, row.contextTokens - output);

  if (input > limit) return { why: `a request of up to ${input} tokens is above its limit of ${limit}` };
  if (output > row.outputTokens)
    return { why: `an answer of up to ${output} tokens is above its limit of ${row.outputTokens}` };
  if (cost > request.worstCaseMicroUsd)
    return { why: `a call could cost ${showUsd(cost)}, the release allows ${showUsd(request.worstCaseMicroUsd)}` };
  return undefined;
}

const asCandidate = (row: CatalogRow): Candidate => ({
  model: row.model,
  provider: row.provider,
  simulated: false,
  prices: row.prices,
});

function simulated(request: PlanRequest, { catalog, closedTo }: Supply): Plan {
  const row = catalog.standsFor[request.tier];
  const rejection = outOfBounds(row, request) ?? closedTo(EMBEDDED_MODEL);
  if (rejection) return { candidates: [], rejections: [{ model: EMBEDDED_MODEL, ...rejection }] };
  const candidate: Candidate = { model: EMBEDDED_MODEL, provider: 'embedded', simulated: true, prices: row.prices };
  return { candidates: [candidate], rejections: [] };
}
