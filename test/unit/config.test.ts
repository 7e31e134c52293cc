import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadConfig, loadConfig } from '../../workers/config.ts';
import { VARIABLES } from '../../workers/environment.ts';

/** Whoever runs the tests may have a profile of the Temporal CLI. */
const clean = { TEMPORAL_CONFIG_FILE: join(import.meta.dirname, 'no-such-file.toml') };
const load = (env: Record<string, string>) => loadConfig({ ...clean, ...env });
const problems = (env: Record<string, string>): readonly string[] => {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof BadConfig) return error.problems;
    throw error;
  }
};

describe('the configuration', () => {
  it('needs nothing: an empty environment is the embedded profile', () => {
    const config = load({});
    expect(config.profile).toBe('embedded');
    expect(config.timings).toMatchObject({ heartbeatTimeoutMs: 5000, beatMs: 1500, stickyTimeoutMs: 1000 });
    expect(config.stateDir).toBe(resolve('.governor'));
    expect(config.temporal).toMatchObject({ address: undefined, namespace: 'default' });
    expect(config.models.compatible).toBeUndefined();
    expect(config.ports).toMatchObject({ temporal: 7233, temporalUi: 8233, tools: 7320, mail: 7325, webhooks: 7330 });
  });

  it('sends people who are told of a request to the desk, wherever that is', () => {
    expect(load({}).api.deskUrl).toBe('http://127.0.0.1:7300');
    expect(load({ API_PORT: '7399' }).api.deskUrl).toBe('http://127.0.0.1:7399');
    expect(load({ DESK_URL: 'https://desk.example/approvals/' }).api.deskUrl).toBe('https://desk.example/approvals');
    expect(problems({ DESK_URL: 'desk.example' }).join()).toMatch(/^DESK_URL: has to be a URL/);
    const signing = { ANSWER_SIGNING_KEY_FILE: '/keys/signing.json', ANSWER_KEYS_FILE: '/keys/public.json' };
    const published = { API_HOST: '0.0.0.0', API_PORT: '7301', DESK_URL: 'https://desk.example', ...signing };
    expect(load(published).api).toMatchObject({ deskUrl: 'https://desk.example', ownUrl: 'http://127.0.0.1:7301' });
    expect(load({ DESK_URL: 'https://desk.example' }).api.ownUrl).toBeUndefined();
  });

  it('asks Anthropic at a gateway where one is named, and sends no key over an open line', () => {
    expect(load({ ANTHROPIC_BASE_URL: 'https://gateway.example' }).models.baseUrls).toEqual({
      anthropic: 'https://gateway.example',
    });
    expect(load({}).models.baseUrls).toBeUndefined();
    expect(problems({ ANTHROPIC_BASE_URL: 'http://gateway.example' })).toEqual([
      'ANTHROPIC_BASE_URL: has to start with https:// unless it is on this machine',
    ]);
  });

  it('has longer times in production', () => {
    const { timings } = load({ GOVERNOR_PROFILE: 'production' });
    expect(timings).toMatchObject({ heartbeatTimeoutMs: 30_000, beatMs: 10_000, stickyTimeoutMs: 5000 });
  });

  it.each(['embedded', 'production'])('beats at least three times before a heartbeat is missed, %s', (profile) => {
    const { heartbeatTimeoutMs, beatMs } = load({ GOVERNOR_PROFILE: profile }).timings;
    expect(heartbeatTimeoutMs / beatMs).toBeGreaterThanOrEqual(3);
  });

  it('takes an empty variable as one that is not set', () => {
    expect(load({ DATABASE_URL: '', TOOLS_PORT: '  ' })).toEqual(load({}));
  });

  it('takes the address as the Temporal CLI does', () => {
    expect(load({ TEMPORAL_ADDRESS: 'host:1', TEMPORAL_NAMESPACE: 'n' }).temporal).toMatchObject({
      address: 'host:1',
      namespace: 'n',
    });
  });

  it('tells every problem at once, and no value', () => {
    const told = problems({
      GOVERNOR_PROFILE: 'secret-1',
      TOOLS_PORT: 'secret-2',
      SMTP_URL: 'secret-3',
      OPENAI_BASE_URL: 'https://models.example/v1',
      WEBHOOK_URL: 'https://hooks.example',
      TEMPORAL_PROFILE: 'none',
    });
    const names = [
      'GOVERNOR_PROFILE',
      'TOOLS_PORT',
      'SMTP_URL',
      'OPENAI_COMPATIBLE_MODEL',
      'WEBHOOK_SECRET',
      'TEMPORAL_*',
    ];
    for (const name of names) expect(told.join('\n')).toContain(`${name}: `);
    expect(told.join('\n')).not.toContain('secret-');
  });
});

describe('a compatible endpoint', () => {
  const local = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_COMPATIBLE_MODEL: 'small' };
  const far = { ...local, OPENAI_BASE_URL: 'https://models.example/v1' };

  it('costs nothing on this machine unless it says so', () => {
    expect(load(local).models.compatible?.prices).toEqual({ input: 0, cacheRead: 0, cacheWrite: 0, output: 0 });
  });

  it('has to state its prices anywhere else', () => {
    expect(problems(far)).toHaveLength(2);
  });

  it('has prices in micro-dollars per million tokens', () => {
    const prices = { OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK: '0.15', OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK: '0.6' };
    expect(load({ ...far, ...prices }).models.compatible?.prices).toMatchObject({ input: 150_000, output: 600_000 });
  });

  it('gets the OpenAI key, and OpenAI does not', () => {
    const { models } = load({ ...local, OPENAI_API_KEY: 'k' });
    expect(models.openaiApiKey).toBeUndefined();
    expect(models.compatible?.apiKey).toBe('k');
  });
});

describe('tools', () => {
  it('listen to other machines only with a token, and with keys that answers are checked with', () => {
    expect(problems({ TOOLS_HOST: '0.0.0.0', ANSWER_KEYS_FILE: 'keys.json' })).toHaveLength(1);
    const token = 'a-long-enough-token';
    expect(problems({ TOOLS_HOST: '0.0.0.0', TOOLS_TOKEN: token })).toHaveLength(1);
    expect(problems({ TOOLS_HOST: '0.0.0.0', TOOLS_TOKEN: token, ANSWER_KEYS_FILE: 'keys.json' })).toEqual([]);
  });
});

describe('the CRM', () => {
  it('is our own database unless something else is said', () => {
    expect(load({}).tools.crm).toBeUndefined();
    expect(load({ HUBSPOT_TOKEN: 'unused' }).tools.crm).toBeUndefined();
  });

  it('needs what its system needs, and says all of it', () => {
    expect(problems({ CRM: 'hubspot' })).toEqual(['HUBSPOT_TOKEN: has to be set with CRM=hubspot']);
    expect(problems({ CRM: 'salesforce' })).toHaveLength(3);
    expect(problems({ CRM: 'paper' })).toHaveLength(1);
  });

  it('gets no secret over a line that anybody can read', () => {
    const hubspot = { CRM: 'hubspot', HUBSPOT_TOKEN: 'k' };
    expect(problems({ ...hubspot, HUBSPOT_URL: 'http://crm.example' })).toHaveLength(1);
    expect(load({ ...hubspot, HUBSPOT_URL: 'http://127.0.0.1:9' }).tools.crm).toMatchObject({ kind: 'hubspot' });
    expect(load(hubspot).tools.crm).toEqual({ kind: 'hubspot', url: 'https://api.hubapi.com', token: 'k' });
  });
});

describe('who may call the API', () => {
  const oidc = { OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'governor' };

  it('is said by keys in the state folder, and by no issuer unless one is named', () => {
    const { access } = load({ GOVERNOR_STATE_DIR: '/srv/house' });
    expect(access).toEqual({
      keysFile: '/srv/house/keys/api-keys.json',
      peopleFile: '/srv/house/keys/people.json',
      hasOwnKeys: false,
      issuer: undefined,
    });
    const { keysFile, hasOwnKeys } = load({ API_KEYS_FILE: '/run/secrets/keys' }).access;
    expect([keysFile, hasOwnKeys]).toEqual(['/run/secrets/keys', true]);
  });

  it('is said by an issuer with its audience, algorithms, keys and claims', () => {
    const given = {
      ...oidc,
      OIDC_JWKS_URL: 'https://id.example/keys',
      OIDC_ALGORITHMS: 'ES256, EdDSA',
      OIDC_TENANT_CLAIM: 'org',
      OIDC_ROLES_CLAIM: 'realm_access.roles',
      OIDC_PERSON_CLAIM: 'employee',
    };
    expect(load(given).access.issuer).toEqual({
      issuer: 'https://id.example',
      audience: 'governor',
      jwksUrl: 'https://id.example/keys',
      algorithms: ['ES256', 'EdDSA'],
      claims: { tenant: 'org', roles: 'realm_access.roles', person: 'employee' },
    });
  });

  it.each([
    ['an issuer without an audience', { OIDC_ISSUER: 'https://id.example' }, 'OIDC_AUDIENCE'],
    ['an audience without an issuer', { OIDC_AUDIENCE: 'governor' }, 'OIDC_AUDIENCE'],
    ['keys without an issuer', { OIDC_JWKS_URL: 'https://id.example/keys' }, 'OIDC_JWKS_URL'],
    ['a tenant of no token', { OIDC_TENANT_CLAIM: 'org' }, 'OIDC_TENANT_CLAIM'],
    ['an issuer in clear', { ...oidc, OIDC_ISSUER: 'http://id.example' }, 'OIDC_ISSUER'],
    ['keys in clear', { ...oidc, OIDC_JWKS_URL: 'http://id.example/keys' }, 'OIDC_JWKS_URL'],
    ['an algorithm with a shared secret', { ...oidc, OIDC_ALGORITHMS: 'RS256,HS256' }, 'OIDC_ALGORITHMS'],
    ['no algorithm at all', { ...oidc, OIDC_ALGORITHMS: 'none' }, 'OIDC_ALGORITHMS'],
  ])('is not said by %s', (_, given, variable) => {
    const told = problems(given);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(new RegExp(`^${variable}\\b`));
  });

  it('may be said by an issuer in clear on this machine, for trying', () => {
    expect(problems({ ...oidc, OIDC_ISSUER: 'http://127.0.0.1:9/realm' })).toEqual([]);
  });
});

describe('the command line', () => {
  const key = 'gov_0123456789ab_secret';

  it('answers by an API where it has a key of it', () => {
    const { cli } = load({ GOVERNOR_API_KEY: key, GOVERNOR_API_URL: 'https://governor.example/' });
    expect(cli).toEqual({ apiKey: key, apiUrl: 'https://governor.example' });
    expect(load({}).cli).toEqual({});
  });

  it.each([
    ['an API without a key', { GOVERNOR_API_URL: 'https://governor.example' }, 'GOVERNOR_API_KEY'],
    ['an API in clear', { GOVERNOR_API_KEY: key, GOVERNOR_API_URL: 'http://governor.example' }, 'GOVERNOR_API_URL'],
    ['words that are no key', { GOVERNOR_API_KEY: 'hunter2' }, 'GOVERNOR_API_KEY'],
  ])('does not take %s, and does not repeat it', (_, given, variable) => {
    const told = problems(given);
    expect(told).toEqual([expect.stringMatching(new RegExp(`^${variable}: `))]);
    expect(told[0]).not.toContain('hunter2');
  });
});

describe('.env.example', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8');
  const documented = new Map(
    [...text.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const ofTheCli = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE', 'TEMPORAL_PROFILE'];

  it('has every variable that is read, and no other', () => {
    expect([...documented.keys()].sort()).toEqual([...VARIABLES, ...ofTheCli].sort());
  });

  it('shows the defaults', () => {
    expect(load(Object.fromEntries(documented))).toEqual(load({}));
  });
});
