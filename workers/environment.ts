import { z } from 'zod';
import { accessProblems, accessVariables, safeUrl } from './access-settings.ts';
import { answerKeyProblems, answerKeyVariables } from './answer-keys.ts';
import { apiProblems, apiVariables } from './api-settings.ts';
import { cliProblems, cliVariables } from './cli-settings.ts';
import { deploymentVariables } from './deployment-settings.ts';
import { SECRET_FILES } from './secret-files.ts';
import { telemetryVariables } from './telemetry-settings.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

const port = (standard: number) =>
  z.coerce
    .number('has to be a port, 0 to 65535')
    .int('has to be a whole number')
    .min(0, 'has to be 0 or more')
    .max(65_535, 'has to be 65535 or less')
    .default(standard);

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol.replace(':', '')), {
    error: `has to be a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  });

const price = z.coerce
  .number('has to be US dollars per million tokens')
  .min(0, 'has to be 0 or more')
  .max(10_000, 'has to be 10000 or less');

/** One variable each; .env.example tells what they mean. Empty ones were taken out before. */
export const Environment = z.object({
  GOVERNOR_PROFILE: z.enum(['embedded', 'production'], 'has to be embedded or production').default('embedded'),
  GOVERNOR_STATE_DIR: z.string().default('.governor'),
  GOVERNOR_BUNDLE_DIR: z.string().optional(),
  DECISION_LOG: z.string().optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], 'has to be debug, info, warn, error or silent')
    .default('info'),

  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  TOOLS_PORT: port(7320),
  OUTSIDE_HOST: z.string().default('127.0.0.1'),
  MAIL_PORT: port(7325),
  WEBHOOK_PORT: port(7330),
  REGISTRY_PORT: port(7331),

  PAYLOAD_KEYS_FILE: z.string().optional(),
  CODEC_PORT: port(7340),
  CODEC_ORIGINS: z.string().optional(),

  PROMPTS_DIR: z.string().default('prompts'),
  PRICES_FILE: z.string().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  ANTHROPIC_BASE_URL: safeUrl.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: url('http', 'https').optional(),
  OPENAI_COMPATIBLE_MODEL: z.string().optional(),
  OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK: price.optional(),
  OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK: price.optional(),

  TOOLS_URL: url('http', 'https').optional(),
  TOOLS_TOKEN: z.string().min(16, 'has to have 16 characters or more').optional(),
  TOOLS_HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  CRM: z.enum(['database', 'hubspot', 'salesforce'], 'has to be database, hubspot or salesforce').default('database'),
  HUBSPOT_URL: url('http', 'https').default('https://api.hubapi.com'),
  HUBSPOT_TOKEN: z.string().optional(),
  SALESFORCE_URL: url('http', 'https').optional(),
  SALESFORCE_CLIENT_ID: z.string().optional(),
  SALESFORCE_CLIENT_SECRET: z.string().optional(),
  FOREIGN_TOOLS: z.string().optional(),
  IDENTITY_REGISTRY_URL: url('http', 'https').optional(),
  SMTP_URL: url('smtp', 'smtps').optional(),
  MAIL_FROM: z.email('has to be an e-mail address').default('welcome@governor.example'),
  WEBHOOK_URL: url('http', 'https').optional(),
  WEBHOOK_SECRET: z.string().startsWith('whsec_', 'has to start with whsec_').optional(),
  WORLD_FILE: z.string().default('examples/world.json'),

  ...accessVariables,
  ...answerKeyVariables,

  ...cliVariables,
  ...apiVariables,
  ...telemetryVariables,
  ...deploymentVariables,
});

export type Environment = z.output<typeof Environment>;

/** The names that this house knows, `TEMPORAL_*` of the CLI's profiles left out. */
export const VARIABLES: readonly string[] = [...Object.keys(Environment.shape), ...SECRET_FILES];

type Given = Readonly<Partial<Record<keyof Environment, string>>>;

/** What only shows when variables are seen together; read from the raw values, so that it is told beside their own problems. */
export const jointProblems = (given: Given): string[] => [
  ...endpointProblems(given),
  ...toolProblems(given),
  ...crmProblems(given),
  ...accessProblems(given),
  ...answerKeyProblems(given),
  ...cliProblems(given),
  ...apiProblems(given),
];

/** A model that nobody priced could spend without end, so only an endpoint on this machine is free without saying so. */
function* endpointProblems(given: Given): Generator<string> {
  if (!given.OPENAI_BASE_URL) return;
  if (!given.OPENAI_COMPATIBLE_MODEL)
    yield 'OPENAI_COMPATIBLE_MODEL: has to name the model that OPENAI_BASE_URL serves';
  if (!URL.canParse(given.OPENAI_BASE_URL) || LOOPBACK.has(new URL(given.OPENAI_BASE_URL).hostname)) return;
  for (const variable of ['OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK', 'OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK'] as const) {
    if (given[variable] === undefined) yield `${variable}: has to be set, since OPENAI_BASE_URL is not on this machine`;
  }
}

function* toolProblems(given: Given): Generator<string> {
  if (given.WEBHOOK_URL && !given.WEBHOOK_SECRET)
    yield 'WEBHOOK_SECRET: has to be set with WEBHOOK_URL, since deliveries are signed';
  if (given.TOOLS_HOST && !LOOPBACK.has(given.TOOLS_HOST) && !given.TOOLS_TOKEN) {
    yield 'TOOLS_TOKEN: has to be set when TOOLS_HOST is not this machine alone: whoever reaches the tools could use them';
  }
}

/** What each system of customers needs; which of them it is, `CRM` says. */
const CRM_NEEDS: Readonly<Record<string, readonly (keyof Environment)[]>> = {
  hubspot: ['HUBSPOT_TOKEN'],
  salesforce: ['SALESFORCE_URL', 'SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
};

function* crmProblems(given: Given): Generator<string> {
  const { CRM: crm = 'database' } = given;
  for (const variable of CRM_NEEDS[crm] ?? []) {
    if (!given[variable]) yield `${variable}: has to be set with CRM=${crm}`;
  }
  for (const variable of ['HUBSPOT_URL', 'SALESFORCE_URL'] as const) {
    const address = given[variable];
    if (!address || !URL.canParse(address)) continue;
    const { protocol, hostname } = new URL(address);
    if (protocol !== 'https:' && !LOOPBACK.has(hostname))
      yield `${variable}: has to start with https:// unless it is on this machine, since a secret goes there`;
  }
}
