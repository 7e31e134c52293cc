import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Said } from '../../../client/answering.ts';
import { type CaseRun, createGovernor } from '../../../client/index.ts';
import type { AnswerReply, OpenRequest } from '../../../contracts/messages.ts';
import { type Counts, countEffects } from '../../../outside/counts.ts';
import type { World } from '../../../outside/world.ts';
import { houseKeys } from '../../../workers/answer-keys.ts';
import { answeringWith } from '../../../workers/answering.ts';
import { type Child, startChild } from '../../../workers/child.ts';
import { freePort } from '../../../workers/ports.ts';
import { type ServerChoice, startServer } from '../../../workers/server.ts';
import { type FarModel, startFarModel } from './far-model.ts';
import { startToolsProxy, type ToolsProxy } from './tools-proxy.ts';

export interface RigOptions {
  readonly server: ServerChoice;
  /** Without it the first worker makes its own. */
  readonly bundlePath?: string;
  /** How long the model takes, milliseconds; without it the workers answer by the rules that are in them. */
  readonly modelLatencyMs?: () => number;
  readonly worldFile?: string;
  /** A world that is no file yet. */
  readonly world?: World;
  /** People's answers are signed, and nobody and no tool believes others. */
  readonly signed?: boolean;
  /** Environment variables for the processes, beside those by which they find each other. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A worker process, and the names that the far sides know it by. */
export interface RigWorker extends Child {
  /** As the server names it. */
  readonly identity: string;
  /** As the model names it. */
  readonly key: string;
}

/** The house with its far sides in a test's hand: real processes, a model and a way to the tools that can be held. */
export interface Rig {
  readonly client: Client;
  readonly address: string;
  readonly stateDir: string;
  readonly model: FarModel;
  readonly tools: ToolsProxy;
  /** @param more what this one has in its environment and the others have not */
  startWorker(more?: Readonly<Record<string, string>>): Promise<RigWorker>;
  /** Answers in somebody's name, by Update. */
  answer(run: CaseRun, request: OpenRequest, by: string, said: Said): Promise<AnswerReply>;
  counts(): Promise<Counts>;
  stop(): Promise<void>;
}

/** Cheap enough for the pinned bounds, and not free: a bill that is wrong has to show. */
const PRICES = { OPENAI_COMPATIBLE_INPUT_USD_PER_MTOK: '0.05', OPENAI_COMPATIBLE_OUTPUT_USD_PER_MTOK: '0.2' };
/** What the environment of whoever runs the tests must not decide. */
export const UNSET = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'OPENAI_COMPATIBLE_MODEL',
  'DATABASE_URL',
  'TOOLS_TOKEN',
  'SMTP_URL',
  'WEBHOOK_URL',
  'IDENTITY_REGISTRY_URL',
  'CRM',
  'FOREIGN_TOOLS',
  'ANSWER_KEYS_FILE',
  'ANSWER_SIGNING_KEY_FILE',
  'PAYLOAD_KEYS_FILE',
];

export async function startRig(options: RigOptions): Promise<Rig> {
  const parts: { stop(): Promise<unknown> }[] = [];
  const keep = <P extends { stop(): Promise<unknown> }>(part: P): P => {
    parts.push(part);
    return part;
  };
  const stop = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    return { ...(await build(options, keep)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Keep = <P extends { stop(): Promise<unknown> }>(part: P) => P;

async function build(
  { server, bundlePath, modelLatencyMs, worldFile, world, signed, settings: more = {} }: RigOptions,
  keep: Keep,
): Promise<Omit<Rig, 'stop'>> {
  const log = (): void => undefined;
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-rig-'));
  keep({ stop: () => rm(stateDir, { recursive: true, force: true }) });
  await mkdir(stateDir, { recursive: true });
  if (bundlePath) await copyFile(bundlePath, join(stateDir, basename(bundlePath)));
  const ownWorld = join(stateDir, 'world.json');
  if (world) await writeFile(ownWorld, JSON.stringify(world));
  const { address } = keep(await startServer(server, { stateDir, port: 0, inMemory: true, log }));
  const taken: number[] = [];
  for (const part of ['tools', 'mail', 'webhooks', 'registry']) taken.push(await freePort(part, 0, log, taken));
  const [toolsPort, mail, webhooks, registry] = taken;
  const settings = {
    ...Object.fromEntries(UNSET.map((name) => [name, ''])),
    ...{ GOVERNOR_STATE_DIR: stateDir, GOVERNOR_PROFILE: 'embedded', TEMPORAL_ADDRESS: address, LOG_LEVEL: 'silent' },
    ...{
      TOOLS_PORT: String(toolsPort),
      MAIL_PORT: String(mail),
      WEBHOOK_PORT: String(webhooks),
      REGISTRY_PORT: String(registry),
    },
    ...(signed ? { ANSWER_KEYS_FILE: houseKeys({ stateDir, answers: {} }).public } : {}),
    ...(worldFile || world ? { WORLD_FILE: worldFile ?? ownWorld } : {}),
    ...more,
  };
  const started = ['outside', 'tools'].map((name) => keep(startChild(name, [], settings)));
  await Promise.all(started.map(({ ready }) => ready));
  const tools = keep(await startToolsProxy(`http://127.0.0.1:${toolsPort}/mcp`));
  const model = keep(await startFarModel(modelLatencyMs));
  const connection = await Connection.connect({ address });
  keep({ stop: () => connection.close() });
  const remote = modelLatencyMs ? { OPENAI_BASE_URL: model.url, OPENAI_COMPATIBLE_MODEL: 'far-model', ...PRICES } : {};
  let workers = 0;
  const startWorker: Rig['startWorker'] = async (own = {}) => {
    workers += 1;
    const key = `worker-${workers}`;
    const child = keep(
      startChild('worker', [], {
        ...settings,
        ...remote,
        TOOLS_URL: tools.url,
        ...(modelLatencyMs ? { OPENAI_API_KEY: key } : {}),
        ...own,
      }),
    );
    await child.ready;
    return { ...child, key, identity: `${child.pid}@${hostname()}` };
  };
  const client = new Client({ connection });
  const governor = createGovernor(client);
  const speak = answeringWith({ stateDir, answers: {}, promptsDir: 'prompts' });
  const answer: Rig['answer'] = (run, request, by, said) => {
    if (signed) return speak(governor, run, request, by, said);
    return governor.answer(run, { ...said, by, approval: request.approval, digest: request.digest });
  };
  return {
    client,
    answer,
    address,
    stateDir,
    model,
    tools,
    startWorker,
    counts: () => countEffects({ stateDir }),
  };
}
