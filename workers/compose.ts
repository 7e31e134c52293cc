import { type Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index.ts';
import { createAnnounce } from '../activities/notify.ts';
import { createToolClient, type ToolClient } from '../activities/tool-client.ts';
import { refuseAgent } from '../agents/check-agent.ts';
import { agents } from '../agents/index.ts';
import { openPromptStore } from '../prompts/store.ts';
import { verifierOf } from './answer-keys.ts';
import { buildBundle } from './bundle.ts';
import type { Config } from './config.ts';
import { clientOf, connectPatiently } from './connect.ts';
import { openDecisionLog } from './decision-log.ts';
import { hear } from './hear.ts';
import { meteredModels } from './metered-models.ts';
import { dataConverterOf } from './payloads/converter.ts';
import { createQueueWorkers, type QueueWorkers } from './queue-workers.ts';
import { registerAttributes } from './register-attributes.ts';
import { NO_TELEMETRY, type Telemetry } from './telemetry.ts';
import { toolSource } from './tool-source.ts';
import { tracedActivities } from './traced.ts';

/** A worker's process with everything that it needs, and the way to let go of it. */
export interface ComposedWorker {
  readonly workers: QueueWorkers;
  readonly client: Client;
  close(): Promise<void>;
}

/**
 * Puts a worker together from its configuration: models, tools, prompts, activities, bundle.
 * @throws where an agent breaks a rule of the house: nothing runs that is not bounded
 */
export async function composeWorker(
  config: Config,
  log: Logger,
  telemetry: Telemetry = NO_TELEMETRY,
): Promise<ComposedWorker> {
  refuseBadAgents();
  const { namespace, connectionOptions } = config.temporal;
  const options = { ...connectionOptions, address: temporalAddress(config) };
  const unanswered = () => log.warn({ address: options.address }, 'no server answers yet');
  const connection = await connectPatiently(() => NativeConnection.connect(options), unanswered);
  const clientConnection = await connectPatiently(() => Connection.connect(options), unanswered);
  const dataConverter = dataConverterOf(config);
  const tools = createToolClient(toolSource(config));
  const workers = await createQueueWorkers(config.deployment.queues, {
    connection,
    namespace,
    bundlePath: await buildBundle(config.bundleDir, dataConverter),
    dataConverter,
    activities: await activitiesOf(config, { log, tools, telemetry, connection: clientConnection }),
    activitySlots: config.deployment.activitySlots,
    stickyTimeoutMs: config.timings.stickyTimeoutMs,
    shutdownGraceMs: config.timings.shutdownGraceMs,
    recordDecision: openDecisionLog(config.decisionLog),
    heard: hear(telemetry),
    ...(telemetry.tracer.isOn ? { tracedActivities: tracedActivities(telemetry.tracer) } : {}),
  });
  const close = async (): Promise<void> => {
    await tools.close();
    await clientConnection.close();
    await connection.close();
  };
  return { workers, client: clientOf(config, clientConnection), close };
}

export const temporalAddress = (config: Config): string =>
  config.temporal.address ?? `127.0.0.1:${config.ports.temporal}`;

interface WorkerParts {
  readonly log: Logger;
  readonly tools: ToolClient;
  readonly telemetry: Telemetry;
  readonly connection: Connection;
}

async function activitiesOf(config: Config, { log, tools, telemetry, connection }: WorkerParts): Promise<object> {
  const models = meteredModels(config.models, telemetry);
  const prompts = openPromptStore(config.promptsDir, { report: (message) => log.error({ alarm: 'release' }, message) });
  const searchAttributes = await registerAttributes(connection, config.temporal.namespace);
  if (!searchAttributes) log.warn('The server does not take our search attributes; cases run without them.');
  const { heartbeatTimeoutMs, beatMs } = config.timings;
  return createActivities({
    models,
    tools,
    prompts,
    beatMs,
    log,
    meter: telemetry.meter,
    tracer: telemetry.tracer,
    heartbeatTimeoutMs,
    simulated: models.simulated,
    searchAttributes,
    announce: createAnnounce(tools, { deskUrl: config.api.deskUrl, log }),
    answers: verifierOf(config.answers, temporalAddress(config)),
  });
}

function refuseBadAgents(): void {
  const problems = Object.values(agents).flatMap((agent) => refuseAgent(agent));
  if (problems.length > 0) throw new Error(`The catalogue of agents breaks the rules:\n${problems.join('\n')}`);
}
