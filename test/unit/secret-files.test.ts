import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BadConfig, childEnvironment, loadConfig } from '../../workers/config.ts';
import { SECRET_FILES, SECRETS } from '../../workers/secret-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'governor-secrets-'));
const clean = { TEMPORAL_CONFIG_FILE: join(folder, 'no-such-file.toml') };
const load = (env: Record<string, string>) => loadConfig({ ...clean, ...env });

function fileWith(content: string): string {
  const file = join(folder, `secret-${Math.random().toString(36).slice(2)}`);
  writeFileSync(file, content);
  return file;
}

const problems = (env: Record<string, string>): readonly string[] => {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof BadConfig) return error.problems;
    throw error;
  }
};

/** A value that each secret takes, with what else it needs. */
const VALUES: Readonly<Record<(typeof SECRETS)[number], { value: string; beside?: Record<string, string> }>> = {
  TOOLS_TOKEN: { value: 'a-token-of-the-tools-42' },
  WEBHOOK_SECRET: { value: 'whsec_c2VjcmV0LW9mLXRoZS1ob29rcw==' },
  DATABASE_URL: { value: 'postgres://governor:s3cret-word@postgres:5432/governor' },
  SMTP_URL: { value: 'smtp://user:s3cret-word@mail.example:587' },
  ANTHROPIC_API_KEY: { value: 'key-of-one-provider' },
  OPENAI_API_KEY: { value: 'key-of-the-other' },
  HUBSPOT_TOKEN: { value: 'token-of-the-crm', beside: { CRM: 'hubspot' } },
  SALESFORCE_CLIENT_SECRET: {
    value: 'secret-of-the-crm',
    beside: { CRM: 'salesforce', SALESFORCE_URL: 'https://org.example', SALESFORCE_CLIENT_ID: 'client' },
  },
  GOVERNOR_API_KEY: { value: 'a-key-of-the-api-1234' },
  TEMPORAL_API_KEY: { value: 'key-of-a-namespace' },
};

describe('a secret in a file', () => {
  it.each(SECRETS)('%s means what it means in the environment (CD-74)', (secret) => {
    const { value, beside = {} } = VALUES[secret];
    const byFile = load({ ...beside, [`${secret}_FILE`]: fileWith(`${value}\n`) });
    expect(JSON.stringify(byFile)).toContain(value);
    expect(byFile).toEqual(load({ ...beside, [secret]: value }));
  });

  it('that is empty counts as one that is not set', () => {
    const empty = Object.fromEntries(SECRET_FILES.map((setting) => [setting, fileWith('\n')]));
    expect(load(empty)).toEqual(load({}));
  });

  it('is held to the same rules, and never repeated', () => {
    const told = problems({ TOOLS_TOKEN_FILE: fileWith('hunter2'), DATABASE_URL_FILE: fileWith('mysql://hunter2') });
    expect(told).toEqual([expect.stringMatching(/^TOOLS_TOKEN: /), expect.stringMatching(/^DATABASE_URL: /)]);
    expect(told.join()).not.toContain('hunter2');
  });

  it('that is not there, or has a setting beside it, is a problem', () => {
    expect(problems({ TOOLS_TOKEN_FILE: join(folder, 'none') })).toEqual(['TOOLS_TOKEN_FILE: cannot be read']);
    const both = { TOOLS_TOKEN: VALUES.TOOLS_TOKEN.value, TOOLS_TOKEN_FILE: fileWith('another-token-of-16') };
    expect(problems(both)).toEqual([expect.stringMatching(/^TOOLS_TOKEN_FILE: means nothing beside TOOLS_TOKEN/)]);
  });

  it('does not speak against what a process gives its child', () => {
    const child = { ...childEnvironment({ TOOLS_TOKEN: VALUES.TOOLS_TOKEN.value, WEBHOOK_SECRET: '' }) };
    expect(child).toMatchObject({ TOOLS_TOKEN_FILE: '', WEBHOOK_SECRET_FILE: '' });
    expect(child).not.toHaveProperty('OPENAI_API_KEY_FILE');
  });
});

describe('the queues of a worker', () => {
  it('are the house’s own unless others are named (CD-79)', () => {
    expect(load({}).deployment.queues).toEqual(['governor']);
    expect(load({ WORKER_QUEUES: 'governor, governor-identity' }).deployment.queues).toEqual([
      'governor',
      'governor-identity',
    ]);
    expect(problems({ WORKER_QUEUES: 'no such/queue' })).toHaveLength(1);
  });
});

describe('how much a worker does at once', () => {
  it('is the SDK’s affair unless a number is given', () => {
    expect(load({}).deployment.activitySlots).toBeUndefined();
    expect(load({ WORKER_ACTIVITY_SLOTS: '8' }).deployment.activitySlots).toBe(8);
    for (const none of ['0', 'many', '1.5']) expect(problems({ WORKER_ACTIVITY_SLOTS: none })).toHaveLength(1);
  });
});
