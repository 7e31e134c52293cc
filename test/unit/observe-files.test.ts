import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { POINTS, type Point } from '../../contracts/decision-points.ts';
import { createMeter } from '../../telemetry/meter.ts';
import { alertRules, metricsIn, opsFile } from '../support/alert-rules.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DASHBOARDS = join(ROOT, 'ops', 'grafana', 'dashboards');

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
  datasources: z.array(
    z.looseObject({
      uid: z.string(),
      type: z.string(),
      url: z.string(),
      jsonData: z
        .strictObject({
          exemplarTraceIdDestinations: z.array(z.strictObject({ name: z.string(), datasourceUid: z.string() })),
        })
        .optional(),
    }),
  ),
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
const { datasources } = Sources.parse(parse(opsFile('grafana', 'provisioning', 'datasources', 'sources.yml')));
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
    const sources = datasources.map(({ uid }) => uid);
    const taken = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_each, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    );
    expect(new Set(taken).size).toBe(taken.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(panels.filter(({ datasource }) => !sources.includes(datasource.uid))).toEqual([]);
  });
});

describe('Grafana', () => {
  const { services } = z
    .object({ services: z.record(z.string(), z.looseObject({ volumes: z.array(z.string()).default([]) })) })
    .parse(parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }));

  it('has sources that are services of the stack', () => {
    for (const { url } of datasources) expect(Object.keys(services)).toContain(new URL(url).hostname);
  });

  it('finds its dashboards where they are mounted', () => {
    const { providers } = z
      .object({ providers: z.array(z.looseObject({ options: z.object({ path: z.string() }) })) })
      .parse(parse(opsFile('grafana', 'provisioning', 'dashboards', 'governor.yml')));
    const mounted = services['grafana']?.volumes.map((volume) => volume.split(':')[1]);
    for (const { options } of providers) expect(mounted).toContain(options.path);
  });

  it('leads from a sample to the trace that it names, by the label that the meter writes', async () => {
    const [destination] = datasources.flatMap(({ jsonData }) => jsonData?.exemplarTraceIdDestinations ?? []);
    expect(datasources.find(({ uid }) => uid === destination?.datasourceUid)?.type).toBe('jaeger');
    const meter = createMeter();
    meter.tell('governor_inputs_refused_total', { process: 'placeOrder' }, 1, 'a'.repeat(32));
    expect((await meter.read()).text).toContain(`# {${destination?.name}="${'a'.repeat(32)}"} 1`);
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
  it('is told', () => {
    const row = opsFile('README.md')
      .split('\n')
      .find((line) => line.includes('](grafana/)'));
    expect(row).toContain('no; ');
  });
});
