import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { POINTS, type Point } from '../../contracts/decision-points.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { alertCases, alertRules, metricsIn, opsFile } from '../support/alert-rules.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const RUNBOOKS = join(ROOT, 'docs', 'runbooks');
const SECTIONS = ['## Look', '## Do', '## Do not', '## It is over when'];

const rules = alertRules();
const alerts = rules.flatMap((rule) => ('alert' in rule ? [rule] : []));
const records = rules.flatMap((rule) => ('record' in rule ? [rule] : []));
const kebab = (name: string): string => name.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** As Prometheus knows them: a histogram is three. */
const OURS = Object.entries<Point>(POINTS).flatMap(([name, { kind }]) =>
  kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
);
/** What the SDK's core was seen to measure, or measures once something fails. */
const SDK = new Set(
  opsFile('prometheus', 'sdk-metrics.txt')
    .split('\n')
    .filter((line) => line && !line.startsWith('#')),
);
const known = new Set([...OURS, ...SDK, ...records.map(({ record }) => record), 'up']);

/** Metrics whose counter may be missing until the first time that something goes wrong. */
const hasNewHalf = (expr: string): boolean => / unless .+ offset /.test(expr);

describe('the alerts (RD-99, RD-102)', () => {
  it('are few, and each name is there once', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(10);
    expect(names.length).toBeLessThan(30);
  });

  it.each(alerts)('$alert has a runbook that says where to look, what to do and what not', ({ alert, annotations }) => {
    expect(annotations.runbook).toBe(`docs/runbooks/${kebab(alert)}.md`);
    const text = readFileSync(join(ROOT, annotations.runbook), 'utf8');
    expect(text.split('\n')[0]).toBe(`# ${alert}`);
    for (const section of SECTIONS) expect(text.split('\n'), annotations.runbook).toContain(section);
    expect(text).toMatch(/```sh\n(.*\n)*?(npm run|temporal|docker)/);
  });

  it('have no runbook without an alert', () => {
    const files = readdirSync(RUNBOOKS).filter((file) => file !== 'README.md');
    expect(files.sort()).toEqual(alerts.map(({ alert }) => `${kebab(alert)}.md`).sort());
  });

  it.each(alerts)('$alert rests on metrics that somebody tells', ({ expr }) => {
    const used = metricsIn(expr);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('select by labels that their metrics have, with values that these may have', () => {
    const selectors = alerts.flatMap(({ expr }) => [...expr.matchAll(/(governor_[a-z_]+)\{([^}]*)\}/g)]);
    expect(selectors.length).toBeGreaterThan(5);
    for (const [, metric = '', inside = ''] of selectors) {
      const { labels }: Point = POINTS[metric as keyof typeof POINTS];
      for (const [, label = ''] of inside.matchAll(/([a-z_]+)(?:=~|!=|=)/g))
        expect(Object.keys(labels)).toContain(label);
    }
  });

  it.each(alerts)('$alert is tried with promtool: once it fires, once it does not (BA-86)', ({ alert }) => {
    const cases = alertCases().flatMap(({ name, alert_rule_test: tried }) =>
      tried
        .filter(({ alertname }) => alertname === alert)
        .map(({ exp_alerts }) => ({ name, fires: exp_alerts.length })),
    );
    expect(cases.some(({ fires }) => fires > 0)).toBe(true);
    expect(cases.some(({ fires }) => fires === 0)).toBe(true);
    for (const { name, fires } of cases)
      expect(name).toMatch(new RegExp(`^${alert} ${fires ? 'fires' : 'does not fire'}`));
  });

  it('see a counter that was raised for the first time', () => {
    const rare = alerts.filter(({ expr }) => /sum by \([^)]*\) \(increase\(/.test(expr));
    expect(rare.length).toBeGreaterThan(8);
    expect(rare.filter(({ expr }) => !hasNewHalf(expr)).map(({ alert }) => alert)).toEqual([]);
  });
});

describe('the caps that spend is held against (BA-85)', () => {
  it('are those of the policy that new cases take', async () => {
    const files = new PromptFiles(join(ROOT, 'prompts'));
    const { policy: pinned } = await files.release(await files.currentId());
    const policy = await files.policy(pinned);
    const caps = records.map(({ labels, expr }) => [labels['process'], Number(/^vector\((\d+)\)$/.exec(expr)?.[1])]);
    const expected = Object.keys(PROCESSES).map((process) => [process, policy.processes[process]?.capMicroUsd]);
    expect(caps.sort()).toEqual(expected.sort());
  });
});

describe('what Prometheus reads', () => {
  it.each(['prometheus.yml', 'on-this-machine.yml'])('in %s: workers, the SDK in them, tools and API', (file) => {
    const text = opsFile('prometheus', file);
    const jobs = [...text.matchAll(/job_name: (\S+)/g)].map(([, job]) => job);
    expect(jobs).toEqual(['governor-worker', 'governor-sdk', 'governor-tools', 'governor-api']);
    expect(text).toContain('rule_files: [alerts.yml]');
    expect(text).toContain('metrics_path: /metrics/temporal');
  });
});

describe('the page of the runbooks', () => {
  it('names commands that there are', () => {
    const commands = readFileSync(join(ROOT, 'docs', 'command-line.md'), 'utf8');
    const pages = readdirSync(RUNBOOKS).map((file) => readFileSync(join(RUNBOOKS, file), 'utf8'));
    const named = pages.flatMap((page) => [...page.matchAll(/(?:governor --|`governor) ([a-z]+(?: [a-z]+)?)/g)]);
    expect(named.length).toBeGreaterThan(30);
    for (const [, name = ''] of named) expect(commands, name).toContain(`\`governor ${name}`);
  });

  it('leads to pages that there are', () => {
    for (const file of readdirSync(RUNBOOKS)) {
      const page = readFileSync(join(RUNBOOKS, file), 'utf8');
      for (const [, target = ''] of page.matchAll(/\b(docs\/[a-z-]+\.md)/g))
        expect(existsSync(join(ROOT, target)), `${file}: ${target}`).toBe(true);
      for (const metric of metricsIn(page)) expect(known.has(metric), `${file}: ${metric}`).toBe(true);
    }
  });
});
