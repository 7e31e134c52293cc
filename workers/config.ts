import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { Prices } from '../models/model.ts';
import type { CrmSettings } from '../tools/settings.ts';
import { type AccessConfig, accessOf } from './access-settings.ts';
import { type AnswerKeySettings, answerKeysOf } from './answer-keys.ts';
import { type ApiConfig, apiOf } from './api-settings.ts';
import { type CliSettings, cliSettingsOf } from './cli-settings.ts';
import { type DeploymentSettings, deploymentOf } from './deployment-settings.ts';
import { Environment, jointProblems } from './environment.ts';
import type { PayloadSettings } from './payloads/converter.ts';
import { withoutTheirFiles, withSecretFiles } from './secret-files.ts';
import { type TelemetrySettings, telemetryOf } from './telemetry-settings.ts';
import { type TemporalSettings, temporalSettings } from './temporal-settings.ts';

/** Times that decide how soon work goes on after a crash, against how much it costs to watch. Milliseconds. */
export interface Timings {
  /** Without a beat for so long, an agent's activity is given to another worker. */
  readonly heartbeatTimeoutMs: number;
  readonly beatMs: number;
  /** How long the server waits for a worker that has a run in its cache. */
  readonly stickyTimeoutMs: number;
  readonly workflowTaskTimeoutMs: number;
  /** How long a worker that is told to stop lets its activities go on. */
  readonly shutdownGraceMs: number;
}

const TIMINGS: Readonly<Record<'embedded' | 'production', Timings>> = {
  embedded: {
    heartbeatTimeoutMs: 5000,
    beatMs: 1500,
    stickyTimeoutMs: 1000,
    workflowTaskTimeoutMs: 3000,
    shutdownGraceMs: 5000,
  },
  production: {
    heartbeatTimeoutMs: 30_000,
    beatMs: 10_000,
    stickyTimeoutMs: 5000,
    workflowTaskTimeoutMs: 10_000,
    shutdownGraceMs: 30_000,
  },
};

/** Everything that a process of this house may know of its surroundings. Without a value, a part uses its embedded default. */
export interface Config {
  readonly profile: 'embedded' | 'production';
  readonly timings: Timings;
  /** Absolute path of what this installation keeps. */
  readonly stateDir: string;
  /** Absolute path of where the workflow bundle is looked for, and made where it is missing. */
  readonly bundleDir: string;
  /** The interface that the embedded outside world binds. */
  readonly outsideHost: string;
  /** Absolute path. */
  readonly promptsDir: string;
  /** Absolute path of the seed data of the embedded outside world. */
  readonly worldFile: string;
  readonly temporal: TemporalSettings;
  /** Whether the Temporal server gets payloads in clear. */
  readonly payloads: PayloadSettings & {
    /** Pages that may ask the codec server, as browsers name them: scheme, host and port. */
    readonly origins: readonly string[];
  };
  readonly ports: {
    readonly temporal: number;
    readonly temporalUi: number;
    readonly tools: number;
    readonly mail: number;
    readonly webhooks: number;
    readonly registry: number;
    readonly codec: number;
    readonly api: number;
  };
  readonly models: {
    readonly anthropicApiKey?: string | undefined;
    readonly openaiApiKey?: string | undefined;
    readonly compatible?:
      | {
          readonly baseUrl: string;
          readonly model: string;
          readonly apiKey?: string | undefined;
          readonly prices: Prices;
        }
      | undefined;
    /** Where Anthropic's models are asked, if that is a gateway. */
    readonly baseUrls?: { readonly anthropic: string } | undefined;
    /** How soon a model that failed may be tried again. */
    /** An operator's price table in place of the packaged one. */
    readonly pricesFile?: string | undefined;
  };
  readonly tools: {
    /** Where a tools process listens; without it, one runs as a child over stdio. */
    readonly url?: string | undefined;
    readonly token?: string | undefined;
    /** The interface that an HTTP tools process binds. */
    readonly host: string;
    readonly databaseUrl?: string | undefined;
    /** Where customers are; without it, in our own database. */
    readonly crm?: CrmSettings | undefined;
    /** Absolute path of the file that maps tools to servers of others. */
    readonly foreignTools?: string | undefined;
    readonly identityRegistryUrl?: string | undefined;
    readonly smtpUrl?: string | undefined;
    readonly mailFrom: string;
    readonly webhookUrl?: string | undefined;
    readonly webhookSecret?: string | undefined;
  };
  /** Who may call the API. */
  readonly access: AccessConfig;
  /** What people's answers are signed and checked with; without it they are believed as they come. */
  readonly answers: AnswerKeySettings;
  readonly cli: CliSettings;
  /** The HTTP API and the desk's page. */
  readonly api: ApiConfig;
  /** Where metrics and traces go; nowhere by default. */
  readonly telemetry: TelemetrySettings;
  /** How this installation is split into processes. */
  readonly deployment: DeploymentSettings;
  /** Absolute path of the decision log, or `-` for standard output. */
  readonly decisionLog: string;
  /** Directories with programs, as in PATH. */
  readonly searchPath: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** The environment does not make a configuration. The message tells every problem, and no value. */
export class BadConfig extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
    this.name = 'BadConfig';
    this.problems = problems;
  }
}

/**
 * The configuration of this process. Nothing else reads the environment.
 * @throws BadConfig with every problem at once
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = ownEnvironment()): Config {
  const named: Record<string, string> = {};
  for (const [variable, value] of Object.entries(env)) {
    // A line of .env without a value means the same as no line.
    if (value?.trim()) named[variable] = value.trim();
  }
  const { given, problems: unread } = withSecretFiles(named);
  const parsed = Environment.safeParse(given);
  const temporal = temporalSettings(given);
  const problems = [...unread, ...(parsed.success ? [] : problemsOf(parsed.error)), ...jointProblems(given)];
  if ('problem' in temporal) throw new BadConfig([...problems, temporal.problem]);
  if (!parsed.success || problems.length > 0) throw new BadConfig(problems);
  return { ...configOf(parsed.data, temporal), searchPath: env.PATH ?? '' };
}

/** Our environment, with the lines of a file `.env` for what it does not say itself. */
function ownEnvironment(): NodeJS.ProcessEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

const problemsOf = ({ issues }: z.ZodError): string[] =>
  issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

function configOf(env: Environment, temporal: TemporalSettings): Omit<Config, 'searchPath'> {
  return {
    profile: env.GOVERNOR_PROFILE,
    timings: TIMINGS[env.GOVERNOR_PROFILE],
    stateDir: resolve(env.GOVERNOR_STATE_DIR),
    bundleDir: resolve(env.GOVERNOR_BUNDLE_DIR ?? env.GOVERNOR_STATE_DIR),
    outsideHost: env.OUTSIDE_HOST,
    promptsDir: resolve(env.PROMPTS_DIR),
    worldFile: resolve(env.WORLD_FILE),
    temporal,
    payloads: payloadsOf(env),
    ports: {
      temporal: env.TEMPORAL_PORT,
      temporalUi: env.TEMPORAL_UI_PORT,
      tools: env.TOOLS_PORT,
      mail: env.MAIL_PORT,
      webhooks: env.WEBHOOK_PORT,
      registry: env.REGISTRY_PORT,
      codec: env.CODEC_PORT,
      api: env.API_PORT,
    },
    models: modelsOf(env),
    tools: {
      url: env.TOOLS_URL,
      token: env.TOOLS_TOKEN,
      host: env.TOOLS_HOST,
      databaseUrl: env.DATABASE_URL,
      crm: crmOf(env),
      foreignTools: env.FOREIGN_TOOLS && resolve(env.FOREIGN_TOOLS),
      identityRegistryUrl: env.IDENTITY_REGISTRY_URL,
      smtpUrl: env.SMTP_URL,
      mailFrom: env.MAIL_FROM,
      webhookUrl: env.WEBHOOK_URL,
      webhookSecret: env.WEBHOOK_SECRET,
    },
    access: accessOf(env, env.GOVERNOR_STATE_DIR),
    answers: answerKeysOf(env),
    cli: cliSettingsOf(env),
    api: apiOf(env),
    telemetry: telemetryOf(env),
    deployment: deploymentOf(env),
    decisionLog:
      env.DECISION_LOG === '-' ? '-' : resolve(env.DECISION_LOG ?? join(env.GOVERNOR_STATE_DIR, 'decisions.jsonl')),
    logLevel: env.LOG_LEVEL,
  };
}

const payloadsOf = (env: Environment): Config['payloads'] => ({
  keysFile: env.PAYLOAD_KEYS_FILE && resolve(env.PAYLOAD_KEYS_FILE),
  origins: (env.CODEC_ORIGINS ?? '').split(',').flatMap((origin) => origin.trim() || []),
});

/** With a compatible endpoint the OpenAI key belongs to that endpoint, and must not go to OpenAI too. */
function modelsOf(env: Environment): Config['models'] {
  const { ANTHROPIC_API_KEY: anthropicApiKey, OPENAI_API_KEY: openaiApiKey, OPENAI_BASE_URL: baseUrl } = env;
  const gateway = env.ANTHROPIC_BASE_URL;
  const shared = {
    anthropicApiKey,
    ...(gateway ? { baseUrls: { anthropic: gateway } } : {}),
    pricesFile: env.PRICES_FILE && resolve(env.PRICES_FILE),
  };
  const model = env.OPENAI_COMPATIBLE_MODEL;
  if (!baseUrl || !model) return { ...shared, openaiApiKey };
  const input = microUsd(env.OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK ?? 0);
  const output = microUsd(env.OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK ?? 0);
  const prices = { input, cacheRead: input, cacheWrite: input, output };
  return { ...shared, compatible: { baseUrl, model, apiKey: openaiApiKey, prices } };
}

function crmOf(env: Environment): CrmSettings | undefined {
  if (env.CRM === 'hubspot') return { kind: 'hubspot', url: env.HUBSPOT_URL, token: env.HUBSPOT_TOKEN ?? '' };
  if (env.CRM !== 'salesforce') return undefined;
  const { SALESFORCE_URL: url = '', SALESFORCE_CLIENT_ID: clientId = '' } = env;
  return { kind: 'salesforce', url, clientId, clientSecret: env.SALESFORCE_CLIENT_SECRET ?? '' };
}

const microUsd = (usd: number): number => Math.ceil(usd * 1_000_000);

/** Our own environment for a child, with these settings in it. */
export const childEnvironment = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...withoutTheirFiles(settings),
  ...settings,
});
