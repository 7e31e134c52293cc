import { fail } from '../contracts/failures.ts';
import { BREAKER_DEFAULTS, type BreakerSettings, closedReason } from './breaker.ts';
import { createBreakers, type ModelHealth } from './breakers.ts';
import { type Catalog, type CatalogRow, defaultCatalog, loadCatalog, TIERS } from './catalog.ts';
import { type CompatibleSettings, compatibleRow } from './compatible-row.ts';
import { askEmbedded } from './embedded.ts';
import type { Candidate, ModelReply, ModelRequest, Models } from './model.ts';
import { isSimulated, planCandidates, type Supply } from './plan.ts';
import { ask, type Provider } from './provider.ts';

export type { ModelHealth };

export interface ModelSettings {
  readonly anthropicApiKey?: string | undefined;
  readonly openaiApiKey?: string | undefined;
  readonly compatible?: CompatibleSettings | undefined;
  /** Where the providers are, if not at their usual addresses. */
  readonly baseUrls?: { readonly anthropic?: string; readonly openai?: string } | undefined;
  /** An operator's price table in place of the packaged one. */
  readonly pricesFile?: string | undefined;
  readonly breaker?: Partial<BreakerSettings> | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** Hears when a model's breaker comes to another state. */
  readonly breakerChanged?: ((model: string, to: ModelHealth['state']) => void) | undefined;
}

export interface ModelsWithHealth extends Models {
  /** Every model that this process may ask or has asked. */
  health(): readonly ModelHealth[];
  /** True where answers come from the embedded rules. */
  readonly simulated: boolean;
}

/** The models that these settings give. Throws `Failed` ModelMisconfigured where the price table or an endpoint is wrong. */
export function createModels(settings: ModelSettings): ModelsWithHealth {
  const now = settings.clock ?? Date.now;
  const supply = supplyOf(settings);
  const providers = providersOf(settings);
  const breakers = createBreakers({ ...BREAKER_DEFAULTS, ...settings.breaker }, now, settings.breakerChanged);
  const closedTo = (model: string) => closedReason(breakers.of(model).state(), now());
  for (const row of TIERS.flatMap((tier) => supply.catalog.tiers[tier])) {
    if (isConfigured(row, supply)) breakers.of(row.model);
  }
  if (supply.compatible) breakers.of(supply.compatible.model);

  const call = async (candidate: Candidate, request: ModelRequest): Promise<ModelReply> => {
    if (candidate.provider === 'embedded') return askEmbedded(request);
    const row = rowOf(candidate, supply);
    const provider = providers[candidate.provider];
    if (!row || !provider)
      return refusal('ModelMisconfigured', candidate.model, 'it has no price, or its provider no key');
    const pass = breakers.of(row.model).begin();
    if (!pass)
      return refusal(
        'ModelUnavailable',
        row.model,
        closedTo(row.model)?.why ?? 'its breaker is open',
        closedTo(row.model)?.retryInMs,
      );
    const { reply, health } = await ask(provider, row, request, now);
    pass.ended(health, reply.ms, reply.kind === 'failed' ? reply.failure.message : undefined);
    return reply;
  };

  return {
    simulated: isSimulated(supply),
    plan: (request) => planCandidates(request, { ...supply, closedTo }),
    call,
    takeOut: (model, why) => breakers.of(model).takeOut(why),
    health: () => breakers.health(),
  };
}

/** One line for a start-up banner: who answers, or what simulated answers stand for. */
export function describeProvider(settings: ModelSettings): string {
  const supply = supplyOf(settings);
  const { catalog } = supply;
  if (isSimulated(supply)) {
    const byModel = Map.groupBy(TIERS, (tier) => catalog.standsFor[tier].model);
    const standsFor = [...byModel].map(([model, tiers]) => `${model} (${tiers.join(', ')})`);
    return `No model key is set: answers are simulated by rules, and their costs stand for ${standsFor.join(' and ')}.`;
  }
  const listed = TIERS.map((tier) => {
    const rows = catalog.tiers[tier].filter((row) => isConfigured(row, supply));
    const all = supply.compatible ? [...rows, supply.compatible] : rows;
    return `${tier} ${all.map((row) => row.model).join(' then ')}`;
  });
  return `Models: ${listed.join('; ')}. Prices of ${catalog.checkedOn}.`;
}

function supplyOf(settings: ModelSettings): Omit<Supply, 'closedTo'> {
  const catalog: Catalog = settings.pricesFile ? loadCatalog(settings.pricesFile) : defaultCatalog();
  const providers = new Set<'anthropic' | 'openai'>();
  if (settings.anthropicApiKey) providers.add('anthropic');
  if (settings.openaiApiKey) providers.add('openai');
  return { catalog, providers, compatible: settings.compatible && compatibleRow(settings.compatible) };
}

/** Each SDK is loaded by its first call: a process without its key is some 20 MB smaller for each. */
function providersOf(settings: ModelSettings): Partial<Record<CatalogRow['provider'], Provider>> {
  const { anthropicApiKey, openaiApiKey, compatible, baseUrls } = settings;
  const anthropic = { apiKey: anthropicApiKey ?? '', baseUrl: baseUrls?.anthropic };
  const openai = { apiKey: openaiApiKey ?? '', baseUrl: baseUrls?.openai };
  return {
    ...(anthropicApiKey && {
      anthropic: lazily(async () => (await import('./anthropic.ts')).createAnthropic(anthropic)),
    }),
    ...(openaiApiKey && { openai: lazily(async () => (await import('./openai.ts')).createOpenAi(openai)) }),
    ...(compatible && {
      compatible: lazily(async () => (await import('./compatible.ts')).createCompatible(compatible)),
    }),
  };
}

function lazily(load: () => Promise<Provider>): Provider {
  let loaded: Promise<Provider> | undefined;
  return async (...call) => {
    loaded ??= load();
    const provider = await loaded;
    return provider(...call);
  };
}

const isConfigured = (row: CatalogRow, { providers }: Pick<Supply, 'providers'>): boolean =>
  row.provider !== 'compatible' && providers.has(row.provider);

function rowOf(
  { model, provider }: Candidate,
  { catalog, compatible }: Pick<Supply, 'catalog' | 'compatible'>,
): CatalogRow | undefined {
  if (provider === 'compatible') return compatible?.model === model ? compatible : undefined;
  const row = catalog.rows.get(model);
  return row?.provider === provider ? row : undefined;
}

function refusal(
  type: 'ModelMisconfigured' | 'ModelUnavailable',
  model: string,
  why: string,
  retryAfterMs?: number,
): ModelReply {
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind: 'failed', failure: fail(type, `${model}: ${why}`, { model }), charge: 'free', ...wait, ms: 0 };
}
