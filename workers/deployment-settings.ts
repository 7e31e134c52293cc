import { resolve } from 'node:path';
import { z } from 'zod';
import { TASK_QUEUE } from '../contracts/messages.ts';

const port = z.coerce
  .number('has to be a port, 0 to 65535')
  .int('has to be a whole number')
  .min(0, 'has to be 0 or more')
  .max(65_535, 'has to be 65535 or less');

const QUEUE = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/;

/** How this installation is split into processes and containers; .env.example tells what they mean. */
export const deploymentVariables = {
  WORKER_QUEUES: z
    .string()
    .default(TASK_QUEUE)
    .transform((names) => [...new Set(names.split(/[\s,]+/).filter(Boolean))])
    .pipe(
      z.array(z.string().regex(QUEUE, 'has to name task queues, with commas between')).min(1, 'has to name a queue'),
    ),
  WORKER_ACTIVITY_SLOTS: z.coerce
    .number('has to be a number')
    .int('has to be a whole number')
    .min(1, 'has to be 1 or more')
    .max(10_000, 'has to be 10000 or less')
    .optional(),
  HEALTH_PORT: port.optional(),
  UI_HOST: z.string().default('127.0.0.1'),
  UI_UPSTREAM_URL: z
    .string()
    .refine((value) => URL.canParse(value) && new URL(value).protocol === 'http:', 'has to start with http://')
    .optional(),
  GOVERNOR_COMPOSE: z.string().default('docker compose'),
  GOVERNOR_SECRETS: z.string().default('.secrets'),
  GOVERNOR_KEYS: z.string().default('.keys'),
};

const DeploymentEnvironment = z.object(deploymentVariables);
type DeploymentEnvironment = z.output<typeof DeploymentEnvironment>;

export interface DeploymentSettings {
  /** The task queues that a worker process takes work of; the house's own also carries the workflows. */
  readonly queues: readonly string[];
  /** How many steps a worker does at once, of each of its queues; the SDK's own number where nothing is said. */
  readonly activitySlots?: number | undefined;
  /** Where a worker says on this machine whether it is well; without it, nowhere. */
  readonly healthPort?: number | undefined;
  /** The Web UI that may be looked at and not used. */
  readonly ui: { readonly host: string; readonly upstream?: string | undefined };
  readonly containers: {
    /** The program that speaks compose, and its first words. */
    readonly compose: readonly string[];
    /** Absolute paths of the folders whose files the containers get. */
    readonly secretsDir: string;
    readonly keysDir: string;
  };
}

export const deploymentOf = (env: DeploymentEnvironment): DeploymentSettings => ({
  queues: env.WORKER_QUEUES,
  activitySlots: env.WORKER_ACTIVITY_SLOTS,
  healthPort: env.HEALTH_PORT,
  ui: { host: env.UI_HOST, upstream: env.UI_UPSTREAM_URL },
  containers: {
    compose: env.GOVERNOR_COMPOSE.split(/\s+/),
    secretsDir: resolve(env.GOVERNOR_SECRETS),
    keysDir: resolve(env.GOVERNOR_KEYS),
  },
});
