import { Connection } from '@temporalio/client';
import { createToolClient } from '../activities/tool-client.ts';
import { refuseOpenGate } from './answer-keys.ts';
import { tellParent } from './child.ts';
import { temporalAddress } from './compose.ts';
import { composeApi } from './compose-api.ts';
import { BadConfig, loadConfig } from './config.ts';
import { openLog } from './log.ts';
import { serveApi } from './serve-api.ts';
import { startTelemetry } from './telemetry.ts';
import { toolSource } from './tool-source.ts';
import { tellWaiting } from './waiting.ts';

/** `npm run api`: the HTTP API and the desk's page, until it is told to stop. */
async function main(): Promise<void> {
  const config = loadConfig();
  const { publicFile } = config.answers;
  if (publicFile) refuseOpenGate(publicFile, config.api.host);
  const log = openLog('api', config.logLevel);
  // It serves while the server of the cases is away, and says so to whoever calls.
  const connection = Connection.lazy({ ...config.temporal.connectionOptions, address: temporalAddress(config) });
  const tools = createToolClient(toolSource(config));
  const stopping = new AbortController();
  const telemetry = await startTelemetry('api', config.telemetry, log);
  const http = await composeApi(config, { connection, tools, log, telemetry, stopping: stopping.signal });
  telemetry.open?.beforeReading(async () => tellWaiting(telemetry.open, await http.waiting()));
  const serving = await serveApi(http.app.fetch, { host: config.api.host, port: config.ports.api });
  log.info({ url: serving.url }, 'the API is ready');
  if (!tellParent())
    console.error(`The API listens on ${serving.url}, and the desk is at ${config.api.deskUrl}/desk/.`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  stopping.abort();
  await serving.drain();
  http.close();
  await tools.close();
  await connection.close();
  await telemetry.stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
