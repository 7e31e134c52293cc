import { Client, type Connection } from '@temporalio/client';
import { silentTracer, type Tracer } from '../telemetry/tracer.ts';
import type { Config } from './config.ts';
import { dataConverterOf } from './payloads/converter.ts';
import { tracedStarts } from './traced.ts';

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
