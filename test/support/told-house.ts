import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import type { OpenRequest } from '../../contracts/messages.ts';
import { loadConfig } from '../../workers/config.ts';
import { startHouse } from '../../workers/house.ts';
import { freePort } from '../../workers/ports.ts';
import { startCollector } from './collector.ts';

const CLI = fileURLToPath(new URL('../../workers/cli.ts', import.meta.url));
const PORTS = ['TEMPORAL', 'TEMPORAL_UI', 'TOOLS', 'MAIL', 'WEBHOOK', 'REGISTRY', 'API', 'CODEC'];

/** The whole house, which tells a collector and Prometheus what it does, and everything that it told. */
export async function startToldHouse(more: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'governor-told-'));
  const logDir = join(folder, 'logs');
  const collector = await startCollector();
  const metricsPort = await freePort('', 0, () => undefined);
  const settings = {
    GOVERNOR_STATE_DIR: join(folder, 'state'),
    GOVERNOR_BUNDLE_DIR: dirname(inject('bundlePath')),
    LOG_LEVEL: 'debug',
    METRICS_PORT: String(metricsPort),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    ANTHROPIC_API_KEY: '',
    OPENAI_API_KEY: '',
    OPENAI_BASE_URL: '',
    ...more,
  };
  const path = `${dirname(inject('temporalProgram'))}${delimiter}${process.env['PATH']}`;
  const ports = Object.fromEntries(PORTS.map((name) => [`${name}_PORT`, '0']));
  const config = loadConfig({ ...settings, ...ports, PATH: path });
  const house = await startHouse(config, { inMemory: true, settings, logDir, say: () => undefined });
  const keys = house.api.people ?? {};
  const api = `http://127.0.0.1:${house.settings['API_PORT']}/v1`;

  const call = async (who: string, method: string, address: string, body?: unknown, more: object = {}) => {
    const headers = { authorization: `Bearer ${keys[who]}`, 'content-type': 'application/json', ...more };
    const response = await fetch(`${api}${address}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, said: (await response.json()) as Record<string, unknown> };
  };
  /** Starts a case as an application does, and gives its id. */
  const begin = async (process: string, input: unknown): Promise<string> => {
    const headers = { 'idempotency-key': randomUUID() };
    const { status, said } = await call('application', 'POST', `/processes/${process}/cases`, input, headers);
    if (status !== 201) throw new Error(`${process}: ${status} ${JSON.stringify(said)}`);
    return String(said['case']);
  };
  const waitsFor = async (id: string): Promise<OpenRequest | undefined> => {
    const { said } = await call('application', 'GET', `/cases/${id}`);
    return (said['waiting'] as OpenRequest[] | undefined)?.[0];
  };
  /** Everybody of the house says so; it counts for whoever may. */
  const answerAs = async (id: string, { approval, answers, digest }: OpenRequest, wanted: readonly string[]) => {
    const verdict = answers.find((each) => wanted.includes(each)) ?? answers[0];
    const said = { verdict, digest, reason: 'as it should be' };
    for (const who of Object.keys(keys)) await call(who, 'POST', `/approvals/${id}/${approval}/answers`, said);
  };
  /** Ends a case: people say what is wanted where somebody of the house may, and else it is called off. */
  const finish = async (id: string, wanted: readonly string[] = ['approve', 'go-on', 'edit']): Promise<void> => {
    const handle = house.client.workflow.getHandle(id);
    const asked = new Set<string>();
    while ((await handle.describe()).status.name === 'RUNNING') {
      const request = await waitsFor(id);
      if (request && asked.has(request.approval)) await handle.cancel();
      else if (request) await answerAs(id, request, wanted);
      if (request) asked.add(request.approval);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  /** Whatever the processes have told, but for spans: text of their metrics, their logs and the decision log. */
  const metrics = async (): Promise<Record<'worker' | 'sdk' | 'tools' | 'api', string>> => {
    const read = async (offset: number, page = 'metrics') =>
      (await fetch(`http://127.0.0.1:${metricsPort + offset}/${page}`)).text();
    const [worker, sdk, tools, apiText] = [read(0), read(0, 'metrics/temporal'), read(8), read(9)];
    return { worker: await worker, sdk: await sdk, tools: await tools, api: await apiText };
  };
  const logs = (): string =>
    readdirSync(logDir)
      .map((file) => readFileSync(join(logDir, file), 'utf8'))
      .join('\n');
  const decisions = (): Record<string, unknown>[] =>
    readFileSync(join(config.stateDir, 'decisions.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  /** Types a command on the machine of the house, with its settings. */
  const type = (...words: string[]): Promise<{ exit: number; out: string }> =>
    new Promise((resolve) => {
      const env = { ...settings, PATH: path };
      execFile(process.execPath, [CLI, ...words], { env, encoding: 'utf8' }, (error, out) =>
        resolve({ exit: Number(error?.code ?? 0), out }),
      );
    });
  const stop = async (): Promise<void> => {
    await house.stop();
    await collector.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { house, collector, call, begin, waitsFor, finish, metrics, logs, decisions, type, stop };
}

export type ToldHouse = Awaited<ReturnType<typeof startToldHouse>>;
