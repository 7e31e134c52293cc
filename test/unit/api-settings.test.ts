import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readWebhookSources } from '../../workers/api-settings.ts';
import { attributeKnowledge } from '../../workers/compose-api.ts';
import { BadConfig, loadConfig } from '../../workers/config.ts';
import { describeDesk } from '../../workers/house-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'api-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (content: unknown): string => {
  const file = join(folder, 'sources.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const form = { secrets: [SECRET], process: 'onboardCustomer', requestedBy: 'web-form' };

function problems(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    return error instanceof BadConfig ? error.problems : [String(error)];
  }
}

describe('the settings of the API', () => {
  it('are this machine’s alone where nothing is said', () => {
    const { api, ports } = loadConfig({});
    expect(api).toMatchObject({ host: '127.0.0.1', callsPerMinute: 1200, deskUrl: 'http://127.0.0.1:7300' });
    expect(ports.api).toBe(7300);
    expect(readWebhookSources(api.webhookSourcesFile)).toEqual({});
  });

  it('name what people type and what links lead to', () => {
    const env = {
      DESK_URL: 'https://desk.example/',
      TEMPORAL_UI_URL: 'http://ui.example:8233/',
      API_CALLS_PER_MINUTE: '60',
      WEBHOOK_SOURCES_FILE: fileOf({ form }),
    };
    const { api } = loadConfig(env);
    expect(api).toMatchObject({ deskUrl: 'https://desk.example', uiUrl: 'http://ui.example:8233', callsPerMinute: 60 });
    expect(readWebhookSources(api.webhookSourcesFile)).toEqual({ form: { ...form, tenant: 'default' } });
  });

  it.each([
    [
      { API_HOST: '0.0.0.0', ANSWER_SIGNING_KEY_FILE: 'x', ANSWER_KEYS_FILE: 'y' },
      /^DESK_URL: has to be set when API_HOST/,
    ],
    [{ DESK_URL: 'http://desk.example' }, /^DESK_URL: has to start with https/],
    [{ DESK_URL: 'desk' }, /^DESK_URL: has to be a URL/],
    [{ API_PORT: '70000' }, /^API_PORT: has to be 65535 or less/],
    [{ API_CALLS_PER_MINUTE: '1' }, /^API_CALLS_PER_MINUTE/],
  ])('%o is told with its mend', (env, words) => {
    expect(problems(env).join('\n')).toMatch(words);
  });
});

describe('the file of those who may send deliveries', () => {
  it.each([
    ['that is not there', join(folder, 'nothing.json'), /cannot be read as JSON/],
    ['that is no JSON', fileOf.bind(undefined, '{'), /cannot be read as JSON/],
    ['with a name that fits no address', () => fileOf({ 'Web Form': form }), /does not say who may send what/],
    [
      'with a process that is the house’s own',
      () => fileOf({ form: { ...form, process: 'watchTicket' } }),
      /form\.process/,
    ],
    ['with a short secret', () => fileOf({ form: { ...form, secrets: ['whsec_c2hvcnQ='] } }), /form\.secrets\.0/],
    ['without a requester', () => fileOf({ form: { ...form, requestedBy: '' } }), /form\.requestedBy/],
  ])('%s is refused in words', (_, file, words) => {
    expect(() => readWebhookSources(typeof file === 'string' ? file : file())).toThrow(words);
  });

  it('is not quoted: a secret of it is in no message', () => {
    const file = fileOf({ form: { ...form, secrets: ['hunter2hunter2'] } });
    expect(() => readWebhookSources(file)).toThrow(/form\.secrets\.0/);
    expect(() => readWebhookSources(file)).not.toThrow(/hunter2/);
  });
});

describe('keys for trying', () => {
  const api = { deskUrl: 'http://127.0.0.1:7300', people: { 'darius.wren': 'gov_secret' } };

  it('are shown on a terminal, and nowhere else', () => {
    expect(describeDesk(api, true).join('\n')).toContain('gov_secret');
    expect(describeDesk(api, false).join('\n')).not.toContain('gov_secret');
    expect(describeDesk({ deskUrl: api.deskUrl }, true).join('\n')).toMatch(/a key of your own/);
  });
});

it('a server that does not take our attributes is asked again after half a minute, one that does never', async () => {
  let now = 0;
  const said = [false, false, true];
  let asked = 0;
  const knows = attributeKnowledge(
    async () => said[asked++] ?? true,
    () => now,
  );
  expect([await knows(), await knows()]).toEqual([false, false]);
  expect(asked).toBe(1);
  now += 30_000;
  expect(await knows()).toBe(false);
  now += 30_000;
  expect([await knows(), await knows()]).toEqual([true, true]);
  expect(asked).toBe(3);
});
