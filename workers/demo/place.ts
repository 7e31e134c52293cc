import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { accessIn } from '../access-settings.ts';
import type { Config } from '../config.ts';
import type { HouseOptions } from '../house.ts';
import { runningHouses } from '../house-lock.ts';

/** The demo writes letters to invented people: it never speaks to real systems, whatever is configured. */
const OWN_WORLD = [
  'DATABASE_URL',
  'SMTP_URL',
  'WEBHOOK_URL',
  'WEBHOOK_SECRET',
  'IDENTITY_REGISTRY_URL',
  'WORLD_FILE',
  'API_KEYS_FILE',
  'OIDC_ISSUER',
  'OIDC_AUDIENCE',
] as const;

/** Where this demo lives, and how its house is set up. */
export interface Place {
  readonly config: Config;
  readonly house: Omit<HouseOptions, 'say' | 'signal'>;
  readonly logDir: string;
}

/**
 * A state folder of the demo's own, emptied at each start, so that the data of `npm run dev` stays. Where another demo
 * lives in it, the next one is taken. What was fetched and bundled for others is used. The prompts are a copy: what an
 * act publishes stays in the demo.
 */
export async function demoPlace(config: Config): Promise<Place> {
  const taken = await runningHouses(config.stateDir);
  let stateDir = join(config.stateDir, 'demo');
  for (let number = 2; taken.includes(stateDir); number++) stateDir = join(config.stateDir, `demo-${number}`);
  const logDir = join(stateDir, 'logs');
  const {
    databaseUrl: _d,
    smtpUrl: _s,
    webhookUrl: _w,
    webhookSecret: _k,
    identityRegistryUrl: _i,
    ...tools
  } = config.tools;
  const settings = {
    ...Object.fromEntries(OWN_WORLD.map((name) => [name, ''])),
    GOVERNOR_PROFILE: 'embedded',
    GOVERNOR_BUNDLE_DIR: config.bundleDir,
  };
  const promptsDir = join(stateDir, 'prompts');
  const furnish = () => cp(config.promptsDir, promptsDir, { recursive: true });
  const house = { inMemory: true, fresh: true, fetchedDir: config.stateDir, logDir, furnish };
  return {
    // With keys of its own: whoever tries things signs in nobody's real name.
    config: { ...config, stateDir, promptsDir, tools, answers: {}, access: accessIn(stateDir) },
    house: { ...house, settings: { ...settings, PROMPTS_DIR: promptsDir } },
    logDir,
  };
}
