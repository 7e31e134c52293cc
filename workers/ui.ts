import { BadConfig, loadConfig } from './config.ts';
import { openLog } from './log.ts';
import { serveReadOnlyUi } from './read-only-ui.ts';

/** `npm run ui`: Temporal's Web UI to look at and not to use, until it is told to stop. */
async function main(): Promise<void> {
  const { deployment, ports, logLevel } = loadConfig();
  const { host, upstream } = deployment.ui;
  if (!upstream) throw new Error('UI_UPSTREAM_URL has to say where the Web UI is.');
  const log = openLog('ui', logLevel);
  const serving = await serveReadOnlyUi({ host, port: ports.temporalUi, upstream });
  log.info({ port: serving.port }, 'the Web UI can be looked at');
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await serving.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
