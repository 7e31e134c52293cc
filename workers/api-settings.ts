import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type WebhookSource, WebhookSources } from '../client/http/webhooks.ts';
import { isSafeUrl } from './access-settings.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

const webUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'has to be a URL')
  .transform((value) => value.replace(/\/+$/, ''));

/** Where the API is bound, and how much it takes; .env.example tells what they mean. */
export const apiVariables = {
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: z.coerce
    .number('has to be a port, 0 to 65535')
    .int('has to be a whole number')
    .min(0, 'has to be 0 or more')
    .max(65_535, 'has to be 65535 or less')
    .default(7300),
  DESK_URL: webUrl.optional(),
  API_CALLS_PER_MINUTE: z.coerce.number('has to be a number').int().min(10).max(1_000_000).default(1200),
  TEMPORAL_UI_URL: webUrl.optional(),
  WEBHOOK_SOURCES_FILE: z.string().optional(),
};

const ApiEnvironment = z.object(apiVariables);
type ApiEnvironment = z.output<typeof ApiEnvironment>;

export interface ApiConfig {
  /** The interface that it binds. */
  readonly host: string;
  /** What people type, and what links in notices start with; without a slash at its end. */
  readonly deskUrl: string;
  /** True where that is not simply its port on this machine. */
  readonly isElsewhere: boolean;
  /** Where it answers by itself, if it is bound for others too: in a container people's address leads nowhere. */
  readonly ownUrl?: string | undefined;
  readonly callsPerMinute: number;
  /** Temporal's Web UI, for links; without a slash at its end. */
  readonly uiUrl?: string | undefined;
  /** Absolute path of the file of those who may send deliveries. */
  readonly webhookSourcesFile?: string | undefined;
}

export const apiOf = (env: ApiEnvironment): ApiConfig => ({
  host: env.API_HOST,
  deskUrl: env.DESK_URL ?? `http://127.0.0.1:${env.API_PORT}`,
  isElsewhere: env.DESK_URL !== undefined,
  ownUrl: LOOPBACK.has(env.API_HOST) ? undefined : `http://${reachable(env.API_HOST)}:${env.API_PORT}`,
  callsPerMinute: env.API_CALLS_PER_MINUTE,
  uiUrl: env.TEMPORAL_UI_URL,
  webhookSourcesFile: env.WEBHOOK_SOURCES_FILE && resolve(env.WEBHOOK_SOURCES_FILE),
});

const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);
const reachable = (host: string): string => (EVERYWHERE.has(host) ? '127.0.0.1' : host);

/** Whoever is given a link has to be able to follow it, and keys don't travel in clear. */
export function* apiProblems(given: { readonly API_HOST?: string; readonly DESK_URL?: string }): Generator<string> {
  const { API_HOST: host, DESK_URL: url } = given;
  if (host && !LOOPBACK.has(host) && !url)
    yield 'DESK_URL: has to be set when API_HOST is not this machine alone: it is what people type';
  if (url && URL.canParse(url) && !isSafeUrl(url))
    yield 'DESK_URL: has to start with https:// unless it is on this machine';
}

/**
 * Who may send deliveries.
 * @throws Error where the file cannot be read or says something else; no secret is in the message
 */
export function readWebhookSources(file: string | undefined): Readonly<Record<string, WebhookSource>> {
  if (!file) return {};
  const parsed = WebhookSources.safeParse(parse(file));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new Error(`WEBHOOK_SOURCES_FILE ${file} does not say who may send what:\n${problems.join('\n')}`);
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`WEBHOOK_SOURCES_FILE ${file} cannot be read as JSON.`);
  }
}
