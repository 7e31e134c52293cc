import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { agents } from '../../agents/index.ts';
import type { ApiClient } from '../../client/api-client.ts';
import { createApiClient } from '../../client/api-client.ts';
import { addKey } from '../../client/http/access/keys.ts';
import type { ApiRole } from '../../client/http/access/principal.ts';
import { type AnswerSigner, openAnswerSigner } from '../../keys/answers.ts';
import { type Counts, countEffects } from '../../outside/counts.ts';
import { readLines } from '../../outside/log.ts';
import type { World } from '../../outside/world.ts';
import { PromptFiles } from '../../prompts/files.ts';
import { publishRelease, useRelease } from '../../prompts/publish.ts';
import { houseKeys } from '../../workers/answer-keys.ts';
import { type Child, startChild } from '../../workers/child.ts';
import { freePort } from '../../workers/ports.ts';
import { type ServerChoice, startServer } from '../../workers/server.ts';
import { UNSET } from '../support/crash/rig.ts';
import { STAND_IN } from './bill.ts';
import type { Sprinkler } from './deck.ts';
import type { ModelSide } from './model-side.ts';
import { startToolSide, type ToolFault, type ToolSide } from './tool-side.ts';

export interface HouseParts {
  readonly server: ServerChoice;
  readonly bundlePath: string;
  readonly world: World;
  readonly models: ModelSide;
  readonly toolFaults: Sprinkler<ToolFault>;
}

/** A worker process, and the name that the tools' side knows it by. */
export interface SoakWorker extends Child {
  readonly name: string;
}

/** The whole house as real processes: server, outside world, two tool servers, API, and as many workers as are started. */
export interface SoakHouse {
  readonly client: Client;
  readonly tools: ToolSide;
  readonly signer: AnswerSigner;
  /** The API as somebody sees it: a person of the directory, or `shop` and `watcher`. */
  api(who: string): ApiClient;
  startWorker(): Promise<SoakWorker>;
  /** Takes the server away and brings it back with all that it had. */
  restartServer(): Promise<void>;
  counts(): Promise<Counts>;
  /** The decision log, line by line. */
  decisionLog(): Promise<LoggedDecision[]>;
  /** Leaves its folder, with the server's file in it, for somebody to look at; and says where that is. */
  keepState(): string;
  stop(): Promise<void>;
}

const LoggedDecision = z.object({ caseId: z.string(), step: z.string() });
export type LoggedDecision = z.output<typeof LoggedDecision>;

const TENANT = 'soak';
const CALLERS: Readonly<Record<string, readonly ApiRole[]>> = {
  shop: ['application'],
  watcher: ['operator', 'auditor'],
};
const PEOPLE = ['ines.halvorsen', 'darius.wren', 'tomas.okonjo', 'marta.lindqvist', 'ruth.achterberg'];
const PROMPTS = fileURLToPath(new URL('../../prompts', import.meta.url));
/** How long people are waited for in a run, of each rung: silence has to come to its end while somebody looks on. */
const RUNG_HOURS = 45 / 3600;

export async function startSoakHouse(parts: HouseParts): Promise<SoakHouse> {
  const started: { stop(): Promise<unknown> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) await part.stop();
  };
  const keep = <P extends { stop(): Promise<unknown> }>(part: P): P => {
    started.push(part);
    return part;
  };
  try {
    return { ...(await build(parts, keep)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keep = <P extends { stop(): Promise<unknown> }>(part: P) => P;

async function build(
  { server: choice, bundlePath, world, models, toolFaults }: HouseParts,
  keep: Keep,
): Promise<Omit<SoakHouse, 'stop'>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-soak-'));
  let isKept = false;
  keep({ stop: async () => isKept || rm(stateDir, { recursive: true, force: true }) });
  await copyFile(bundlePath, join(stateDir, basename(bundlePath)));
  const worldFile = join(stateDir, 'world.json');
  await writeFile(worldFile, JSON.stringify(world));
  const promptsDir = await shortLadders(join(stateDir, 'prompts'));

  const [port = 0, mail, webhooks, registry, apiPort, ...toolPorts] = await freePorts(7);
  if (choice.kind === 'running')
    throw new Error(
      'The soak stops its server and starts it again, so it takes none that runs: unset TEMPORAL_ADDRESS.',
    );
  const startAgain = () => startServer(choice, { stateDir, port, log: () => undefined });
  let server = await startAgain();
  keep({ stop: () => server.stop() });

  const keys = houseKeys({ stateDir, answers: {} });
  const settings = {
    ...Object.fromEntries(UNSET.map((name) => [name, ''])),
    GOVERNOR_STATE_DIR: stateDir,
    GOVERNOR_PROFILE: 'embedded',
    TEMPORAL_ADDRESS: server.address,
    LOG_LEVEL: 'silent',
    PROMPTS_DIR: promptsDir,
    WORLD_FILE: worldFile,
    ANSWER_KEYS_FILE: keys.public,
    MAIL_PORT: String(mail),
    WEBHOOK_PORT: String(webhooks),
    REGISTRY_PORT: String(registry),
  };
  const child = async (name: string, more: Readonly<Record<string, string>> = {}): Promise<Child> => {
    const one = keep(startChild(name, [], { ...settings, ...more }));
    await one.ready;
    return one;
  };
  await child('outside');
  // One after the other: the first one furnishes the empty house.
  for (const toolPort of toolPorts) await child('tools', { TOOLS_PORT: String(toolPort) });
  const upstreams = toolPorts.map((toolPort) => `http://127.0.0.1:${toolPort}/mcp`);
  const tools = keep(await startToolSide(upstreams, toolFaults));

  const keysFile = join(stateDir, 'api-keys.json');
  const apiKeys = await makeKeys(keysFile);
  await child('api', {
    API_PORT: String(apiPort),
    API_KEYS_FILE: keysFile,
    API_CALLS_PER_MINUTE: '1000000',
    ANSWER_SIGNING_KEY_FILE: keys.signing,
    TOOLS_URL: upstreams[0] ?? '',
  });
  const url = `http://127.0.0.1:${apiPort}`;
  const apis = new Map([...apiKeys].map(([who, key]) => [who, createApiClient({ url, key })]));

  const connection = await Connection.connect({ address: server.address });
  keep({ stop: () => connection.close() });
  let workers = 0;
  return {
    client: new Client({ connection }),
    tools,
    signer: openAnswerSigner(keys.signing),
    api: (who) => {
      const api = apis.get(who);
      if (!api) throw new Error(`${who} has no key`);
      return api;
    },
    startWorker: async () => {
      workers += 1;
      const name = `worker-${workers}`;
      return { ...(await child('worker', { ...modelSettings(models), TOOLS_URL: tools.urlFor(name) })), name };
    },
    restartServer: async () => {
      await server.stop();
      server = await startAgain();
    },
    keepState: () => {
      isKept = true;
      return stateDir;
    },
    counts: () => countEffects({ stateDir }),
    decisionLog: () => readLines(join(stateDir, 'decisions.jsonl'), LoggedDecision),
  };
}

const modelSettings = (models: ModelSide): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'key-of-the-soak',
  ANTHROPIC_BASE_URL: models.urlOf('messages'),
  OPENAI_BASE_URL: `${models.urlOf('chat')}/v1`,
  OPENAI_COMPATIBLE_MODEL: STAND_IN.model,
  OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK: String(STAND_IN.inputUsd),
  OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK: String(STAND_IN.outputUsd),
});

async function freePorts(count: number): Promise<number[]> {
  const taken: number[] = [];
  while (taken.length < count) taken.push(await freePort('a part', 0, () => undefined, taken));
  return taken;
}

async function makeKeys(file: string): Promise<Map<string, string>> {
  const keys = new Map<string, string>();
  const add = async (name: string, roles: readonly ApiRole[], person?: string): Promise<void> => {
    const { key } = await addKey(file, { name, tenant: TENANT, roles, person, days: 1 }, Date.now());
    keys.set(name, key);
  };
  for (const [name, roles] of Object.entries(CALLERS)) await add(name, roles);
  for (const person of PEOPLE) await add(person, ['approver'], person);
  return keys;
}

/** The house's own prompts, under its own policy but for the hours that people have, which are of this run's length. */
async function shortLadders(dir: string): Promise<string> {
  await cp(PROMPTS, dir, { recursive: true, filter: (path) => !path.endsWith('.ts') });
  const files = new PromptFiles(dir);
  const current = await files.release(await files.currentId());
  const policy = JSON.parse(await readFile(join(dir, 'policies', `${current.policy.id}.json`), 'utf8'));
  const { calendar: _calendar, ...rest } = policy;
  const short = JSON.parse(JSON.stringify(rest), (name, value) => {
    if (name === 'answerWithinHours') return RUNG_HOURS;
    return isRung(value) ? { ...value, hours: RUNG_HOURS } : value;
  });
  await mkdir(join(dir, 'policies'), { recursive: true });
  await writeFile(join(dir, 'policies', 'soak.json'), JSON.stringify({ ...short, id: 'soak' }));
  const release = await publishRelease(files, agents, { policy: 'soak', note: 'people answer within seconds' });
  await useRelease(files, agents, release.id);
  return dir;
}

const isRung = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && 'role' in value && 'hours' in value;
