import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CI = join(import.meta.dirname, '..', '..', '.ci');

describe('the set-up script, with an npm that only tells what it was asked', () => {
  let clone: string;
  beforeEach(async () => {
    clone = await mkdtemp(join(tmpdir(), 'governor-setup-'));
    await cp(CI, join(clone, '.ci'), { recursive: true });
    await writeFile(join(clone, 'package-lock.json'), '{}');
    await program(
      'bin/npm',
      'echo "npm was asked: $*"; mkdir -p node_modules/.bin; echo {} > node_modules/.package-lock.json; touch node_modules/.bin/node',
    );
  });
  afterEach(() => rm(clone, { recursive: true, force: true }));

  it('installs on a fresh clone, says so first, and keeps stdout clean', async () => {
    const { code, stdout, stderr } = await setup();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^setup: no packages are installed yet.*minute/);
    expect(stderr).toContain('npm was asked: ci');
    expect(stdout).toBe('');
  });

  it('does nothing and says nothing the second time', async () => {
    await setup();
    expect(await setup()).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('installs once when two scripts start at the same moment, also where one died at it before', async () => {
    await mkdir(join(clone, '.governor'));
    await writeFile(join(clone, '.governor', 'installing'), '999999999');
    const both = await Promise.all([setup(), setup()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.filter(({ stderr }) => stderr.includes('npm was asked: ci'))).toHaveLength(1);
  });

  it('installs again when the lock file has changed since', async () => {
    await setup();
    await writeFile(join(clone, 'package-lock.json'), '{ "changed": true }');
    await touchLater('package-lock.json');
    expect((await setup()).stderr).toContain('package-lock.json has changed');
  });

  it('does not mind a lock file that is only newer, as after a checkout', async () => {
    await setup();
    await touchLater('package-lock.json');
    expect((await setup()).stderr).toBe('');
  });

  it('installs again when an install was broken off', async () => {
    await mkdir(join(clone, 'node_modules', '.bin'), { recursive: true });
    expect((await setup()).stderr).toContain('npm was asked: ci');
  });

  it('ends as npm ends, and says what that means', async () => {
    await program('bin/npm', 'echo "no network"; exit 7');
    const { code, stderr } = await setup();
    expect(code).toBe(7);
    expect(stderr).toMatch(/no network[\s\S]*"npm ci" ended with 7/);
  });

  async function program(name: string, script: string): Promise<void> {
    await mkdir(join(clone, 'bin'), { recursive: true });
    await writeFile(join(clone, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(clone, name), 0o755);
  }

  const touchLater = (name: string) => {
    const later = new Date(Date.now() + 60_000);
    return utimes(join(clone, name), later, later);
  };

  function setup(): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { npm_execpath: _, ...environment } = process.env;
    const env = { ...environment, PATH: `${join(clone, 'bin')}:${process.env['PATH']}` };
    const child = spawn(process.execPath, [join(clone, '.ci', 'setup.mjs')], { env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  }
});

describe("CI's last line", () => {
  const test = (status: string) => ({ status });
  const file = (status: string, ...assertionResults: object[]) => ({ status, assertionResults });
  const results = (passed: number, failed: number, ...testResults: object[]) =>
    JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults });

  it.each([
    ['adds the check to the tests', results(3, 0, file('passed', test('passed'))), 0, 0, '4 passed, 0 failed', 0],
    ['counts a failed test', results(2, 1, file('failed', test('failed'))), 1, 0, '3 passed, 1 failed', 1],
    ['counts a failed check', results(2, 0), 0, 1, '2 passed, 1 failed', 1],
    ['counts a file that could not be loaded', results(2, 0, file('failed')), 1, 0, '3 passed, 1 failed', 1],
    ['counts an error outside of tests', results(2, 0, file('passed', test('passed'))), 1, 0, '3 passed, 1 failed', 1],
    ['counts tests that never started', '', 1, 0, '1 passed, 1 failed', 1],
    ['counts tests that left no result as failed', '', 0, 0, '1 passed, 1 failed', 1],
  ])('%s', async (_, json, tests, check, line, code) => {
    const folder = await mkdtemp(join(tmpdir(), 'governor-count-'));
    await writeFile(join(folder, 'results.json'), json);
    const args = [join(CI, 'count.mjs'), join(folder, 'results.json'), `${tests}`, `${check}`];
    const child = spawn(process.execPath, args);
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const ended = await new Promise((resolve) => child.once('close', resolve));
    await rm(folder, { recursive: true });
    expect([said.trim(), ended]).toEqual([line, code]);
  });
});
