import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type Connection } from '@temporalio/client';
import { silentTracer, type Tracer } from '../telemetry/tracer.ts';
import type { Config } from './config.ts';
import { dataConverterOf } from './payloads/converter.ts';
import { tracedStarts } from './traced.ts';

/** For a server, or a name service, that starts when we do. */
const SERVER_PATIENCE_MS = 60_000;
const AGAIN_MS = 1000;

/**
 * Connects, and tries again for a minute while nobody answers: a process that ends at once takes those with it that wait for it.
 * @param unanswered hears of the first time that nobody did
 * @throws what the last attempt did
 */
export async function connectPatiently<C>(
  connect: () => Promise<C>,
  unanswered: () => void,
  patienceMs = SERVER_PATIENCE_MS,
): Promise<C> {
  const until = performance.now() + patienceMs;
  for (let times = 1; ; times++) {
    try {
      return await connect();
    } catch (error) {
      if (performance.now() > until) throw error;
      if (times === 1) unanswered();
      await sleep(AGAIN_MS);
    }
  }
}

/**
 * A client of this installation over a connection: its namespace, and its way to write and read payloads.
 * @param tracer of whoever starts cases
 */
export function clientOf(
  config: Pick<Config, 'temporal' | 'payloads'>,
  connection: Connection,
  tracer: Tracer = silentTracer,
): Client {
  const dataConverter = dataConverterOf(config);
  return new Client({
    connection,
    namespace: config.temporal.namespace,
    ...(dataConverter ? { dataConverter } : {}),
    ...(tracer.isOn ? { interceptors: { workflow: [tracedStarts(tracer)] } } : {}),
  });
}
