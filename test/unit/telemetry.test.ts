import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { Failed, fail } from '../../contracts/failures.ts';
import type { Signal } from '../../contracts/signals.ts';
import { spanOf } from '../../telemetry/case-spans.ts';
import { openTracer, otlpExporter } from '../../telemetry/otel-tracer.ts';
import { readTraceparent, stepSpanId, traceIdOfRun, traceparentOf } from '../../telemetry/trace-ids.ts';
import { silentTracer } from '../../telemetry/tracer.ts';
import { startTelemetry } from '../../workers/telemetry.ts';
import { metricsPortFor } from '../../workers/telemetry-settings.ts';
import { sourcesIn } from '../support/imports.ts';

const place = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };

describe('a traceparent', () => {
  it('is read as it was written', () => {
    expect(readTraceparent(traceparentOf(place))).toEqual(place);
  });

  it.each([undefined, 7, '', 'a-b-c', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'A'.repeat(32)}-x-01`])(
    'is none where it is %s',
    (text) => {
      expect(readTraceparent(text)).toBeUndefined();
    },
  );

  it('is worked out from the run, the same by whoever does it (OB-97)', () => {
    expect(traceIdOfRun('run-1')).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOfRun('run-1')).toBe(traceIdOfRun('run-1'));
    expect(traceIdOfRun('run-1')).not.toBe(traceIdOfRun('run-2'));
    expect(traceIdOfRun('run-1', place)).toBe(place.traceId);
    expect(stepSpanId('run-1', 'a')).not.toBe(stepSpanId('run-1', 'b'));
  });
});

describe('a tracer', () => {
  const opened = () => {
    const exporter = new InMemorySpanExporter();
    // What it keeps is gone when it is shut down, and a batch is sent before that.
    const kept: ReturnType<InMemorySpanExporter['getFinishedSpans']> = [];
    const keeping = Object.assign(exporter, {
      export: (...[spans, done]: Parameters<InMemorySpanExporter['export']>) => {
        kept.push(...spans);
        done({ code: 0 });
      },
    });
    return { tracer: openTracer('test', keeping), kept };
  };

  it('puts what runs inside under what runs outside, and elsewhere where it is told so', async () => {
    const { tracer, kept } = opened();
    await tracer.under(place, () =>
      tracer.within('outer', {}, async () => {
        await tracer.within('inner', {}, async () => undefined);
        await tracer.within('far', { under: { ...place, spanId: 'c'.repeat(16) } }, async () => undefined);
      }),
    );
    await tracer.stop();
    const parentOf = (name: string) => kept.find((span) => span.name === name)?.parentSpanContext?.spanId;
    const outer = kept.find(({ name }) => name === 'outer');
    expect(parentOf('outer')).toBe(place.spanId);
    expect(parentOf('inner')).toBe(outer?.spanContext().spanId);
    expect(parentOf('far')).toBe('c'.repeat(16));
    expect(new Set(kept.map((span) => span.spanContext().traceId))).toEqual(new Set([place.traceId]));
  });

  it('marks what fails by its type, and passes it on', async () => {
    const { tracer, kept } = opened();
    const failing = tracer.within('act', {}, () =>
      Promise.reject(new Failed(fail('ToolUnavailable', 'maren@x.example'))),
    );
    await expect(failing).rejects.toMatchObject({ failure: { type: 'ToolUnavailable' } });
    await tracer.stop();
    expect(kept[0]?.attributes).toEqual({ 'error.type': 'ToolUnavailable' });
    expect(JSON.stringify([kept[0]?.status, kept[0]?.events])).not.toContain('maren');
  });

  it('tells a span that is over under the id that it is given, however often (OB-97)', async () => {
    const { tracer, kept } = opened();
    const span = { name: 'step', place, from: 1000, to: 3000, attributes: { n: 1 } };
    tracer.tell(span);
    tracer.tell(span);
    await tracer.within('other', {}, async () => undefined);
    await tracer.stop();
    expect(kept.map((each) => each.spanContext().spanId === place.spanId)).toEqual([true, true, false]);
    expect(kept[0]).toMatchObject({ startTime: [1, 0], duration: [2, 0] });
  });

  it('tells of an answer that came days later, by a worker that never saw the question (OB-97)', async () => {
    const { tracer, kept } = opened();
    const teller = { workflowId: 'case-1', runId: 'run-1', traceparent: traceparentOf(place) };
    const began = Date.parse('2026-11-20T09:00:00Z');
    const days = 3 * 86_400_000;
    const process = 'onboardCustomer';
    const asked = { process, request: 'proposal', tier: 'compliance', role: 'compliance', rung: 1 } as const;
    const answered = { verdict: 'approve', via: 'update', identity: 'signed' } as const;
    const askedAt = new Date(began).toISOString();
    const signals: Signal[] = [
      { ...asked, ...answered, kind: 'request-closed', step: 'createAccount', askedAt, ms: days },
      { kind: 'case-ended', process, outcome: 'onboarded', leftBehind: 0, costMicroUsd: 1, ms: days + 60_000 },
    ];
    for (const signal of signals) {
      const span = spanOf(signal, teller, began + days + 30_000);
      if (span) tracer.tell(span);
    }
    await tracer.stop();
    const [ask, case_] = kept;
    const seconds = ({ startTime, endTime }: (typeof kept)[number]) => [startTime[0], endTime[0]];
    expect(ask && seconds(ask)).toEqual([began / 1000, (began + days) / 1000]);
    expect(case_ && seconds(case_)).toEqual([began / 1000 - 30, (began + days) / 1000 + 30]);
    expect(ask?.parentSpanContext?.spanId).toBe(stepSpanId('run-1', 'createAccount'));
    expect(case_?.parentSpanContext?.spanId).toBe(place.spanId);
    expect(new Set(kept.map((span) => span.spanContext().traceId))).toEqual(new Set([place.traceId]));
  });

  it('costs nobody anything where the collector is away', async () => {
    const tracer = openTracer('test', otlpExporter('http://127.0.0.1:9'));
    expect(await tracer.within('act', {}, async () => 7)).toBe(7);
    const began = performance.now();
    await tracer.stop();
    expect(performance.now() - began).toBeLessThan(4000);
  });

  it('is nothing where it is off', async () => {
    expect(await silentTracer.within('act', {}, async ({ place: at }) => at)).toBeUndefined();
    expect(silentTracer.under(place, () => silentTracer.place())).toBeUndefined();
  });
});

describe('the telemetry of a process', () => {
  const log = { warn: () => undefined, info: () => undefined };

  it('is served on its port, and stops with the process', async () => {
    const urls: string[] = [];
    const noting = { ...log, info: (fields: unknown) => urls.push((fields as { url: string }).url) };
    const telemetry = await startTelemetry('test', { metrics: { host: '127.0.0.1', port: 0 } }, noting as never);
    telemetry.meter.tell('governor_inputs_refused_total', { process: 'placeOrder' });
    const answer = await fetch(urls[0] ?? '');
    expect(answer.headers.get('content-type')).toContain('openmetrics');
    expect(await answer.text()).toContain('governor_inputs_refused_total{process="placeOrder"} 1');
    expect((await fetch(`${urls[0]}/temporal`)).status).toBe(404);
    await telemetry.stop();
    await expect(fetch(urls[0] ?? '')).rejects.toThrow();
  });

  it('does without metrics where the port is taken: a case is worth more', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const warnings: unknown[] = [];
    const warning = { ...log, warn: (fields: unknown) => warnings.push(fields) };
    const telemetry = await startTelemetry('test', { metrics: { host: '127.0.0.1', port } }, warning as never);
    expect(warnings).toEqual([{ port }]);
    telemetry.meter.tell('governor_inputs_refused_total', { process: 'placeOrder' });
    await telemetry.stop();
    other.close();
  });

  it('gives each process of one machine a port of its own', () => {
    const first = { host: '127.0.0.1', port: 7390 };
    const ports = ['worker-1', 'worker-2', 'tools', 'api'].map((name) => metricsPortFor(name, first)['METRICS_PORT']);
    expect(ports).toEqual(['7390', '7391', '7398', '7399']);
    expect(metricsPortFor('outside', first)).toEqual({});
    expect(metricsPortFor('api', undefined)).toEqual({});
  });
});

describe('the conventions for generative AI', () => {
  it('are spelt out in one module', () => {
    const sources = sourcesIn(['activities', 'client', 'models', 'telemetry', 'tools', 'workers', 'workflows']);
    const files = sources.filter(({ text }) => /['"`](gen_ai|mcp)\./.test(text)).map(({ file }) => file);
    expect(files).toEqual(['telemetry/gen-ai.ts']);
  });
});
