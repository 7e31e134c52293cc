import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { freePort } from '../workers/ports.ts';
import { type Figure, type Pair, ratio } from './figures.ts';
import { type CaseCpu, cpuOfCases, type OrderBook } from './measure.ts';
import type { Stage } from './stage.ts';

const NAMESPACE = 'told';
const ABREAST = 8;
const DAY_S = 86_400;
/** As often as Prometheus reads in ops/prometheus. */
const SCRAPE_MS = 15_000;
const MOST = 1.05;
/** Until every part of the server knows of a new namespace, milliseconds. */
const NEWS_MS = 3000;

/**
 * What it costs to be watched: the same worker and tools twice, once as they are and once with metrics that are read and
 * every case traced to a collector, in turns. The CPU of worker, tools and server counts; the collector's does not.
 */
export async function signalFigures(
  stage: Stage,
  book: OrderBook,
  rounds: number,
  cases: number,
  say: (words: string) => void,
): Promise<Figure[]> {
  say('Metrics and traces, on against off.');
  const { told, heard } = await toldStage(stage);
  const run = (of: Stage): Promise<CaseCpu> => cpuOfCases(of, book, 'ours', 'onboarding', cases, ABREAST);
  for (const each of [stage, told]) await run(each);
  const measured: { on: CaseCpu; off: CaseCpu }[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) measured.push({ off: await run(stage), on: await run(told) });
    else {
      const on = await run(told);
      measured.push({ on, off: await run(stage) });
    }
  }
  if (!(await heard())) throw new Error('Nothing was told: neither spans nor metrics have come.');
  const pairs = (read: (cpu: CaseCpu) => number): Pair[] =>
    measured.map(({ on, off }) => ({ ours: read(on), bare: read(off) }));
  return [
    ratio(
      'CPU of a case, watched / not',
      'ms',
      pairs(({ worker, server, tools }) => worker + server + tools),
      MOST,
    ),
    ratio(
      'CPU of a case, worker alone, watched / not',
      'ms',
      pairs(({ worker }) => worker),
    ),
  ];
}

/** The same house once more, in a namespace of its own on the same server, and watched. */
async function toldStage(stage: Stage): Promise<{ told: Stage; heard(): Promise<boolean> }> {
  const { connection } = stage.client;
  await connection.workflowService.registerNamespace({
    namespace: NAMESPACE,
    workflowExecutionRetentionPeriod: { seconds: DAY_S as never },
  });
  await sleep(NEWS_MS);
  const collector = await startSink();
  stage.add(collector);
  const port = () => freePort('', 0, () => undefined);
  const [toolsPort, workerMetrics, toolsMetrics] = [await port(), await port(), await port()];
  const stateDir = stage.settings['GOVERNOR_STATE_DIR'] ?? '';
  const settings = {
    ...stage.settings,
    TEMPORAL_NAMESPACE: NAMESPACE,
    GOVERNOR_STATE_DIR: join(stateDir, NAMESPACE),
    GOVERNOR_BUNDLE_DIR: stateDir,
    MAIL_PORT: String(await port()),
    WEBHOOK_PORT: String(await port()),
    REGISTRY_PORT: String(await port()),
    TOOLS_PORT: String(toolsPort),
    TOOLS_URL: `http://127.0.0.1:${toolsPort}/mcp`,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  await stage.start('outside', [], settings);
  const tools = await stage.start('tools', [], { ...settings, METRICS_PORT: String(toolsMetrics) });
  const ours = await stage.start('worker', [], { ...settings, METRICS_PORT: String(workerMetrics) });
  const pages = [`${workerMetrics}/metrics`, `${workerMetrics}/metrics/temporal`, `${toolsMetrics}/metrics`];
  stage.add(scrape(pages.map((page) => `http://127.0.0.1:${page}`)));
  const client = new Client({ connection, namespace: NAMESPACE });
  const told = { ...stage, client, tools, workers: { ...stage.workers, ours } };
  const heard = async (): Promise<boolean> => {
    const page = await (await fetch(`http://127.0.0.1:${workerMetrics}/metrics`)).text();
    return collector.bytes() > 0 && page.includes('governor_cases_total{');
  };
  return { told, heard };
}

/** A collector that reads everything and keeps nothing. */
async function startSink(): Promise<{ url: string; bytes(): number; stop(): Promise<void> }> {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, bytes: () => bytes, stop };
}

function scrape(pages: readonly string[]): { stop(): Promise<void> } {
  const timer = setInterval(() => {
    for (const page of pages)
      fetch(page)
        .then((answer) => answer.text())
        .catch(() => undefined);
  }, SCRAPE_MS);
  return { stop: async () => clearInterval(timer) };
}
