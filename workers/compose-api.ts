import { join } from 'node:path';
import type { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import type { ToolClient } from '../activities/tool-client.ts';
import { agents } from '../agents/index.ts';
import { createHttp, type Http } from '../client/http/app.ts';
import type { ReleaseShelf } from '../client/http/parts.ts';
import { TASK_QUEUE } from '../contracts/messages.ts';
import { openReleaseDesk } from '../prompts/desk.ts';
import { openPromptStore } from '../prompts/store.ts';
import { openDoor } from './access.ts';
import { signerOf } from './answer-keys.ts';
import { readWebhookSources } from './api-settings.ts';
import { aroundCalls } from './around-calls.ts';
import type { Config } from './config.ts';
import { clientOf } from './connect.ts';
import { openDecisionBook } from './decision-book.ts';
import { registerAttributes } from './register-attributes.ts';
import type { Telemetry } from './telemetry.ts';

export interface ApiParts {
  readonly connection: Connection;
  readonly tools: ToolClient;
  readonly log: Logger;
  readonly telemetry?: Pick<Telemetry, 'meter' | 'tracer'>;
  readonly stopping: AbortSignal;
}

const DESK_DIR = join(import.meta.dirname, '../client/desk/page');

/** Puts the API together from its configuration. */
export async function composeApi(
  config: Config,
  { connection, tools, log, telemetry, stopping }: ApiParts,
): Promise<Http> {
  const { api, promptsDir, answers } = config;
  const prompts = openPromptStore(promptsDir, { report: (message) => log.error({ alarm: 'release' }, message) });
  const place = { host: api.host, port: config.ports.api, publicUrl: config.api.deskUrl };
  const client = clientOf(config, connection, telemetry?.tracer);
  return createHttp({
    client,
    taskQueue: TASK_QUEUE,
    people: async () => (await prompts.directory()).people,
    signer: answers.signingFile ? signerOf(config) : undefined,
    decisions: openDecisionBook(tools),
    releases: shelfOf(promptsDir),
    access: await openDoor(config, place, log),
    webhooks: readWebhookSources(api.webhookSourcesFile),
    toolOf: (agent) => (Object.hasOwn(agents, agent) ? (agents[agent as keyof typeof agents]?.tool.name ?? '') : ''),
    knowsAttributes: attributeKnowledge(() => registerAttributes(connection, config.temporal.namespace)),
    uiUrl: api.uiUrl,
    deskDir: DESK_DIR,
    log,
    ...(telemetry ? { around: aroundCalls(telemetry) } : {}),
    limits: { callsPerMinute: api.callsPerMinute },
    stopping,
  });
}

function shelfOf(promptsDir: string): ReleaseShelf {
  const desk = openReleaseDesk(promptsDir, agents);
  return {
    ids: () => desk.ids(),
    currentId: () => desk.currentId(),
    release: (id) => desk.release(id),
    caps: (id) => desk.caps(id),
  };
}

const LOOK_AGAIN_MS = 30_000;

/** A server that does not take our attributes, or is away, is asked again after a while. */
export function attributeKnowledge(look: () => Promise<boolean>, now = Date.now): () => Promise<boolean> {
  let known: Promise<boolean> | undefined;
  let askedAt = 0;
  return async () => {
    if (known && ((await known) || now() - askedAt < LOOK_AGAIN_MS)) return known;
    askedAt = now();
    known = look();
    return known;
  };
}
