import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { containerUser, makeKeys, makeSecrets, SECRET_NAMES } from '../../workers/containers/secrets.ts';

describe('npm run up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'governor-up-'));
  const modes = (of: string) =>
    Object.fromEntries(readdirSync(of).map((name) => [name, (statSync(join(of, name)).mode & 0o777).toString(8)]));

  it('makes every secret that is missing, closed to others', () => {
    const secrets = join(folder, 'secrets');
    expect(makeSecrets(secrets, containerUser())).toEqual(SECRET_NAMES);
    expect((statSync(secrets).mode & 0o777).toString(8)).toBe('700');
    const { 'postgres-password': postgres, 'grafana-password': grafana, ...own } = modes(secrets);
    expect([postgres, grafana]).toEqual(['644', '644']);
    expect(new Set(Object.values(own))).toEqual(new Set(['600']));
    const content = (name: string) => readFileSync(join(secrets, name), 'utf8');
    expect(content('tools-token')).toMatch(/^[0-9a-f]{48}$/);
    expect(content('webhook-secret')).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(content('database-url')).toBe(`postgres://governor:${content('postgres-password')}@postgres:5432/governor`);
  });

  it('keeps those that are there', () => {
    const secrets = join(folder, 'secrets');
    writeFileSync(join(secrets, 'anthropic-api-key'), 'mine');
    const before = readdirSync(secrets).map((name) => readFileSync(join(secrets, name), 'utf8'));
    expect(makeSecrets(secrets, containerUser())).toEqual([]);
    expect(readdirSync(secrets).map((name) => readFileSync(join(secrets, name), 'utf8'))).toEqual(before);
  });

  it('makes keys for people’s answers once, the private one for the containers’ user alone', () => {
    const keys = join(folder, 'keys');
    makeKeys(keys, containerUser());
    const signing = () => readFileSync(join(keys, 'private', 'answer-signing.json'), 'utf8');
    const first = signing();
    makeKeys(keys, containerUser());
    expect(signing()).toBe(first);
    expect(modes(join(keys, 'private'))).toEqual({ 'answer-signing.json': '600' });
    expect(modes(join(keys, 'public'))).toEqual({ 'answer-keys.json': '644' });
    expect(modes(keys)['private']).toBe('700');
  });
});
