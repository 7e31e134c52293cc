import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { POINTS, type Point } from '../../contracts/decision-points.ts';
import { alertRules, metricsIn, opsFile } from '../support/alert-rules.ts';

const DASHBOARDS = join(import.meta.dirname, '..', '..', 'ops', 'grafana', 'dashboards');

const Place = z.strictObject({ x: z.int(), y: z.int(), w: z.int().min(1).max(24), h: z.int().min(1) });
const Panel = z.looseObject({
  id: z.int(),
  title: z.string().min(4),
  datasource: z.strictObject({ type: z.literal('prometheus'), uid: z.string() }),
  gridPos: Place,
  targets: z.array(z.looseObject({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).min(1),
});
const Dashboard = z.looseObject({ uid: z.string(), title: z.string(), panels: z.array(Panel).min(5) });

const Sources = z.object({
  datasources: z.array(z.looseObject({ uid: z.string(), type: z.string(), url: z.string() })),
});
const Pipe = z.object({
  receivers: z.array(z.string()),
  processors: z.array(z.string()),
  exporters: z.array(z.string()),
});
const Collector = z.object({
  receivers: z.record(z.string(), z.unknown()),
  processors: z.record(z.string(), z.unknown()),
  exporters: z.record(z.string(), z.unknown()),
  service: z.object({ pipelines: z.record(z.string(), Pipe) }),
});

const boards = readdirSync(DASHBOARDS).map((file) => ({
  file,
  board: Dashboard.parse(JSON.parse(opsFile('grafana', 'dashboards', file))),
}));
const sdk = opsFile('prometheus', 'sdk-metrics.txt').split('\n');
const recorded = alertRules().flatMap((rule) => ('record' in rule ? [rule.record] : []));
const OURS = Object.entries<Point>(POINTS).flatMap(([name, { kind }]) =>
  kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
);

describe.each(boards)('the dashboard $file (OB-90)', ({ board: { panels } }) => {
  it('asks for metrics that somebody tells', () => {
    for (const { title, targets } of panels)
      for (const { expr } of targets) {
        const used = metricsIn(expr);
        expect(used.length, title).toBeGreaterThan(0);
        expect(
          used.filter((name) => ![...OURS, ...sdk, ...recorded].includes(name)),
          title,
        ).toEqual([]);
      }
  });

  it('names in a legend only what its query keeps', () => {
    for (const { title, targets } of panels)
      for (const { expr, legendFormat } of targets)
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
          expect(/ by \(([^)]*)\)/.exec(expr)?.[1]?.split(', '), `${title}: ${label}`).toContain(label);
  });

  it('has panels that lie beside each other, each from the source that is provisioned', () => {
    const { datasources } = Sources.parse(parse(opsFile('grafana', 'provisioning', 'datasources', 'prometheus.yml')));
    const sources = datasources.map(({ uid }) => uid);
    const taken = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_each, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(taken).size).toBe(taken.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.filter(({ datasource }) => !sources.includes(datasource.uid))).toEqual([]);
  });
});

describe('the collector', () => {
  it('has pipelines of parts that are configured, and no part that is not used', () => {
    const collector = Collector.parse(parse(opsFile('otel-collector.yaml')));
    const pipes = Object.values(collector.service.pipelines);
    for (const kind of ['receivers', 'processors', 'exporters'] as const)
      expect([...new Set(pipes.flatMap((pipe) => pipe[kind]))].sort()).toEqual(Object.keys(collector[kind]).sort());
  });
});

describe('what was not run here', () => {
  it.each(['otel-collector.yaml', 'grafana/'])('%s is told so', (name) => {
    const row = opsFile('README.md')
      .split('\n')
      .find((line) => line.includes(`](${name}`));
    expect(row).toContain('no; ');
  });
});
