import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Prices } from '../../../models/model.ts';
import { type ModelAsk, type ModelProvider, startModelProvider } from '../../../outside/model-provider.ts';
import { freePort } from '../../ports.ts';
import type { Place } from '../place.ts';
import { mindOfRules } from './mind.ts';

/** The provider that every step asks first, by the tiers of its models; and the one that stands in for it. */
const FIRST = { fast: 'first-fast', reasoning: 'first-reasoning' } as const;
export const STAND_IN = 'stand-in';
/** US dollars per million tokens. */
const STAND_IN_USD = { input: '0.05', output: '0.2' };
const MICRO = 1_000_000;

/** Long enough for a step to be in the middle of something, milliseconds. */
const LATENCY_MS = { least: 150, more: 350 };

/** Whose deliveries start cases, and of what. */
export const WEBHOOK_SOURCE = 'web-form';

/** What is broken has to be a thing that can be: providers of models that listen, and whoever sends callbacks. */
export interface Props {
  /** The demo's place, with a house that asks these providers and takes these callbacks. */
  readonly place: Place;
  readonly first: ModelProvider;
  readonly standIn: ModelProvider;
  /** Both providers' own books. */
  readonly books: readonly ModelAsk[];
  /** What each model is paid, micro-dollars per million tokens. */
  readonly prices: ReadonlyMap<string, Prices>;
  readonly webhookSecret: string;
  /** Of the first worker; the others follow. */
  readonly metricsPort: number;
  stop(): Promise<void>;
}

/** Starts the providers, and sets up a place whose house asks them, whatever keys are set. */
export async function setUpProps(place: Place): Promise<Props> {
  const { stateDir, promptsDir } = place.config;
  const books: ModelAsk[] = [];
  const mind = mindOfRules(promptsDir);
  const pause = (): Promise<unknown> => sleep(LATENCY_MS.least + Math.random() * LATENCY_MS.more);
  const [first, standIn] = await Promise.all([
    startModelProvider({ protocol: 'messages', mind, books, pause }),
    startModelProvider({ protocol: 'chat', mind, books, pause }),
  ]);
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const files = { prices: join(stateDir, 'prices.json'), webhooks: join(stateDir, 'webhook-sources.json') };
  const table = priceTable();
  const furnish = async (): Promise<void> => {
    await place.house.furnish?.();
    await mkdir(stateDir, { recursive: true });
    await writeFile(files.prices, JSON.stringify(table));
    const source = { secrets: [webhookSecret], process: 'onboardCustomer', requestedBy: WEBHOOK_SOURCE };
    await writeFile(files.webhooks, JSON.stringify({ [WEBHOOK_SOURCE]: source }), { mode: 0o600 });
  };
  const settings = {
    ...place.house.settings,
    ANTHROPIC_BASE_URL: first.url,
    OPENAI_BASE_URL: `${standIn.url}/v1`,
    OPENAI_COMPATIBLE_MODEL: STAND_IN,
    OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK: STAND_IN_USD.input,
    OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK: STAND_IN_USD.output,
    PRICES_FILE: files.prices,
    WEBHOOK_SOURCES_FILE: files.webhooks,
  };
  // A key of its own for each: so the providers know who has asked.
  const settingsOfWorker = (name: string) => ({ ANTHROPIC_API_KEY: name, OPENAI_API_KEY: name });
  const metrics = { host: '127.0.0.1', port: await freePort('the metrics', 0, () => undefined) };
  const config = { ...place.config, telemetry: { ...place.config.telemetry, metrics } };
  return {
    place: { ...place, config, house: { ...place.house, furnish, settings, settingsOfWorker } },
    first,
    standIn,
    books,
    prices: pricesIn(table),
    webhookSecret,
    metricsPort: metrics.port,
    stop: async () => void (await Promise.all([first.stop(), standIn.stop()])),
  };
}

interface PriceTable {
  readonly checkedOn: string;
  readonly unit: string;
  readonly tiers: Readonly<Record<string, readonly string[]>>;
  readonly standsFor: Readonly<Record<string, string>>;
  readonly rows: readonly { readonly model: string; readonly provider: string; readonly prices: Prices }[];
}

/** The packaged table with the first provider's models under names of their own, so that nobody takes rules for models. */
function priceTable(): PriceTable {
  const packaged = JSON.parse(
    readFileSync(new URL('../../../models/prices.json', import.meta.url), 'utf8'),
  ) as PriceTable;
  const rowAs = (tier: 'fast' | 'reasoning'): PriceTable['rows'] =>
    packaged.rows
      .filter(({ model }) => model === packaged.tiers[tier]?.[0])
      .map((row) => ({ ...row, model: FIRST[tier] }));
  const standsFor = { fast: FIRST.fast, reasoning: FIRST.reasoning, code: FIRST.reasoning };
  const tiers = { fast: [FIRST.fast], reasoning: [FIRST.reasoning], code: [FIRST.reasoning] };
  return { ...packaged, tiers, standsFor, rows: [...rowAs('fast'), ...rowAs('reasoning')] };
}

function pricesIn({ rows }: PriceTable): Map<string, Prices> {
  const [input, output] = [Number(STAND_IN_USD.input) * MICRO, Number(STAND_IN_USD.output) * MICRO];
  const standIn = { input, cacheRead: input, cacheWrite: input, output };
  return new Map([...rows.map(({ model, prices }) => [model, prices] as const), [STAND_IN, standIn]]);
}
