import { Runtime } from '@temporalio/worker';
import { tellParent } from './child.ts';
import { composeWorker, temporalAddress } from './compose.ts';
import { BadConfig, loadConfig } from './config.ts';
import { forTemporal, openLog } from './log.ts';
import { sweepTerminated } from './sweep.ts';
import { sdkMetrics, startTelemetry } from './telemetry.ts';

const SWEEP_MS = 60_000;

/** `npm run worker`: runs workflows and agents until it is told to stop, and looks out for terminated runs meanwhile. */
async function main(): Promise<void> {
  const config = loadConfig();
  const log = openLog('worker', config.logLevel);
  const sdk = await sdkMetrics(config.telemetry);
  Runtime.install({ logger: forTemporal(log), ...(sdk ? { telemetryOptions: { metrics: sdk.options } } : {}) });
  const telemetry = await startTelemetry('worker', config.telemetry, log, sdk?.url);
  const { worker, client, close } = await composeWorker(config, log, telemetry);
  const sweep = setInterval(() => {
    sweepTerminated(client).catch(() => log.warn('the sweep could not look for terminated runs'));
  }, SWEEP_MS);
  log.info({ address: temporalAddress(config), profile: config.profile }, 'the worker is ready');
  tellParent();
  try {
    await worker.run();
  } finally {
    clearInterval(sweep);
    await close();
    await telemetry.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof BadConfig ? error.message : error);
    process.exit(1);
  },
);
