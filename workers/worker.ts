import { Runtime } from '@temporalio/worker';
import { TASK_QUEUE } from '../contracts/messages.ts';
import { tellParent } from './child.ts';
import { composeWorker, temporalAddress } from './compose.ts';
import { BadConfig, loadConfig } from './config.ts';
import { serveHealth } from './health.ts';
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
  const { workers, client, close } = await composeWorker(config, log, telemetry);
  const { queues, healthPort } = config.deployment;
  const health = healthPort === undefined ? undefined : await serveHealth(healthPort, workers.isWell);
  const sweep = setInterval(() => {
    if (!queues.includes(TASK_QUEUE)) return;
    sweepTerminated(client).catch(() => log.warn('the sweep could not look for terminated runs'));
  }, SWEEP_MS);
  log.info({ address: temporalAddress(config), profile: config.profile, queues }, 'the worker is ready');
  tellParent();
  try {
    await workers.run();
  } finally {
    clearInterval(sweep);
    await health?.close();
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
