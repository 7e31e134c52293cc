import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ApiClient, createApiClient } from '../../client/api-client.ts';
import { childEnvironment, loadConfig } from '../../workers/config.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');

/** The task queue that the service `family` takes work of. */
export const FAMILY_QUEUE = 'governor-identity';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The whole stack under a name, on ports and with secrets of its own, beside whatever else runs here. */
export interface Stack {
  readonly promptsDir: string;
  readonly uiUrl: string;
  /** Where Prometheus answers, once it was started. */
  readonly prometheusUrl: string;
  /** A process of ours on this machine, such as `workers/up.ts`, with the stack's settings. */
  ours(words: readonly string[]): Promise<Ended>;
  compose(words: readonly string[]): Promise<Ended>;
  /** What a command in a container prints, by the number of the replica. @throws where it fails */
  inside(service: string, words: readonly string[], index?: number): Promise<string>;
  /** The rows of a query, each of its columns. */
  rows(query: string): Promise<string[][]>;
  /** A caller with a key of these roles. */
  caller(name: string, roles: string, person?: string): Promise<ApiClient>;
  remove(): Promise<Ended>;
}

export async function prepareStack(): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'governor-containers-'));
  const promptsDir = join(folder, 'prompts');
  cpSync(join(ROOT, 'prompts'), promptsDir, { recursive: true, filter: (path) => !path.endsWith('.ts') });
  const [api, temporal, ui, prometheus] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const settings = childEnvironment({
    COMPOSE_PROJECT_NAME: `governor-test-${randomBytes(3).toString('hex')}`,
    GOVERNOR_VERSION: 'test',
    FAMILY_VERSION: 'test',
    FAMILY_QUEUES: FAMILY_QUEUE,
    GOVERNOR_SECRETS: join(folder, 'secrets'),
    GOVERNOR_KEYS: join(folder, 'keys'),
    GOVERNOR_PROMPTS: promptsDir,
    PROMPTS_DIR: promptsDir,
    API_PORT: String(api),
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    DESK_URL: `http://127.0.0.1:${api}`,
    PROMETHEUS_PORT: String(prometheus),
    // Whichever this engine has.
    PROMETHEUS_VERSION: 'latest',
    // Spans are made, and nobody takes them.
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  });
  const [program = '', ...first] = loadConfig().deployment.containers.compose;
  const ours = (words: readonly string[]) => run(process.execPath, words, settings);
  const compose = (words: readonly string[]) => run(program, [...first, ...words], settings);
  const inside: Stack['inside'] = async (service, words, index = 1) => {
    const { code, out, err } = await compose(['exec', '-T', '--index', String(index), service, ...words]);
    if (code !== 0) throw new Error(`${words.join(' ')} in ${service} ended with ${code}: ${err}${out.slice(-2000)}`);
    return out;
  };
  return {
    promptsDir,
    uiUrl: `http://127.0.0.1:${ui}`,
    prometheusUrl: `http://127.0.0.1:${prometheus}`,
    ours,
    compose,
    inside,
    rows: async (query) => {
      const psql = ['psql', '-U', 'governor', '-d', 'governor', '-tA', '-F', '\t', '-c', query];
      const lines = (await inside('postgres', psql)).split('\n').map((line) => line.trim());
      return lines.filter(Boolean).map((line) => line.split('\t'));
    },
    caller: async (name, roles, person) => {
      const words = ['node', 'workers/cli.ts', 'access', 'key', 'add', name, '--roles', roles];
      const said = await inside('api', [...words, ...(person ? ['--person', person] : [])]);
      return createApiClient({ url: `http://127.0.0.1:${api}`, key: said.trim() });
    },
    remove: async () => {
      const ended = await ours(['workers/down.ts', '-v']);
      rmSync(folder, { recursive: true, force: true });
      return ended;
    },
  };
}

function run(program: string, words: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(program, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code: code ?? 1, out, err }));
  });
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))));
    });
  });
}
