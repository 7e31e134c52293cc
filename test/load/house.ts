import { join } from 'node:path';
import { type ApiClient, createApiClient } from '../../client/api-client.ts';
import { addKey } from '../../client/http/access/keys.ts';
import { startChild } from '../../workers/child.ts';
import { freePort } from '../../workers/ports.ts';
import type { ServerChoice } from '../../workers/server.ts';
import { CaseBook } from '../support/crash/case-book.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';

export interface LoadHouseOptions {
  readonly server: ServerChoice;
  readonly bundlePath: string;
  /** How long the model takes, milliseconds. */
  readonly latencyMs: number;
  /** Steps that a worker does at once; what the SDK has for a worker of which nothing is said. */
  readonly slots?: number | undefined;
}

/** The house as it is run in production, with its far sides in our hand, and with more workers whenever they are wanted. */
export interface LoadHouse {
  readonly rig: Rig;
  readonly api: ApiClient;
  readonly book: CaseBook;
  readonly latencyMs: number;
  /** Steps that each worker does at once. */
  readonly slots: number;
  /** Worker processes that run now. */
  workers(): number;
  /** Starts what is missing to so many, and nothing else. */
  growTo(workers: number): Promise<void>;
  stop(): Promise<void>;
}

const SDK_SLOTS = 100;
/** What the environment of whoever runs this must not decide, beside what the rig takes care of. */
const UNSET = ['METRICS_PORT', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'WORKER_ACTIVITY_SLOTS', 'WORKER_QUEUES', 'OIDC_ISSUER'];

export async function startLoadHouse({ server, bundlePath, latencyMs, slots }: LoadHouseOptions): Promise<LoadHouse> {
  const settings = {
    ...Object.fromEntries(UNSET.map((name) => [name, ''])),
    GOVERNOR_PROFILE: 'production',
    ...(slots === undefined ? {} : { WORKER_ACTIVITY_SLOTS: String(slots) }),
  };
  const rig = await startRig({ server, bundlePath, signed: true, modelLatencyMs: () => latencyMs, settings });
  try {
    const { api, stop } = await startApi(rig, settings);
    let workers = 0;
    return {
      rig,
      api,
      book: new CaseBook(rig),
      latencyMs,
      slots: slots ?? SDK_SLOTS,
      workers: () => workers,
      growTo: async (wanted) => {
        for (; workers < wanted; workers++) await rig.startWorker();
      },
      stop: async () => {
        await stop();
        await rig.stop();
      },
    };
  } catch (error) {
    await rig.stop();
    throw error;
  }
}

/** Cases begin where an application begins them: at the API, with a key. A call that is refused is not made again. */
async function startApi(
  rig: Rig,
  settings: Readonly<Record<string, string>>,
): Promise<{ api: ApiClient; stop(): Promise<void> }> {
  const keysFile = join(rig.stateDir, 'keys', 'load.json');
  const { key } = await addKey(keysFile, { name: 'load', tenant: 'default', roles: ['application'], days: 1 });
  const port = await freePort('the API', 0, () => undefined);
  const child = startChild('api', [], {
    ...settings,
    GOVERNOR_STATE_DIR: rig.stateDir,
    TEMPORAL_ADDRESS: rig.address,
    TOOLS_URL: rig.tools.url,
    API_KEYS_FILE: keysFile,
    API_PORT: String(port),
    LOG_LEVEL: 'silent',
  });
  await child.ready;
  return { api: createApiClient({ url: `http://127.0.0.1:${port}`, key, retries: 0 }), stop: () => child.stop() };
}
