import { Client, type Connection } from '@temporalio/client';
import type { Config } from './config.ts';
import { dataConverterOf } from './payloads/converter.ts';

/** A client of this installation over a connection: its namespace, and its way to write and read payloads. */
export function clientOf(config: Pick<Config, 'temporal' | 'payloads'>, connection: Connection): Client {
  const dataConverter = dataConverterOf(config);
  return new Client({
    connection,
    namespace: config.temporal.namespace,
    ...(dataConverter ? { dataConverter } : {}),
  });
}
