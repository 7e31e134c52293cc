import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OpenMeter } from './meter.ts';

export interface MetricsServing {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where metrics are read: an interface, and a port (0 for any free one). */
export interface MetricsPlace {
  readonly host: string;
  readonly port: number;
}

/** The SDK's own metrics are asked for no longer than this, milliseconds. */
const SDK_MS = 2000;

/**
 * Serves `GET /metrics` in the OpenMetrics format, and on `/metrics/temporal` what the SDK's core measures, where a
 * process has one. Nothing here is secret or personal, and nobody is asked who they are: bind it to where only Prometheus is.
 * @param sdkUrl where the SDK's core answers, on this machine
 * @throws Error where the port cannot be bound
 */
export async function serveMetrics(
  meter: OpenMeter,
  { host, port }: MetricsPlace,
  sdkUrl?: string,
): Promise<MetricsServing> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') void answer(response, () => meter.read());
    else if (path === '/metrics/temporal' && sdkUrl) void answer(response, () => readSdk(sdkUrl));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`, stop };
}

async function answer(
  response: ServerResponse,
  read: () => Promise<{ readonly contentType: string; readonly text: string }>,
): Promise<void> {
  try {
    const { contentType, text } = await read();
    response.writeHead(200, { 'content-type': contentType }).end(text);
  } catch {
    response.writeHead(503).end();
  }
}

async function readSdk(url: string): Promise<{ contentType: string; text: string }> {
  const found = await fetch(url, { signal: AbortSignal.timeout(SDK_MS) });
  return { contentType: found.headers.get('content-type') ?? 'text/plain', text: await found.text() };
}
