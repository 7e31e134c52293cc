import { randomUUID } from 'node:crypto';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { inject } from 'vitest';
import { agentActivity } from '../../activities/agent.ts';
import { createCheckAnswer } from '../../activities/check-answer.ts';
import { createConvene } from '../../activities/convene.ts';
import { atTheDoor } from '../../activities/failures.ts';
import { createNotify, type Notice } from '../../activities/notify.ts';
import { createReleaseActivities } from '../../activities/release.ts';
import { agents } from '../../agents/index.ts';
import type { Person } from '../../contracts/directory.ts';
import { type CaseStatus, type OpenRequest, TASK_QUEUE } from '../../contracts/messages.ts';
import type { CaseRelease } from '../../contracts/release.ts';
import type { AnswerVerifier } from '../../keys/answers.ts';
import type { PromptStore } from '../../prompts/store.ts';
import { emissionsOf } from '../../telemetry/emissions.ts';
import { createMeter } from '../../telemetry/meter.ts';
import { createGovernorWorker } from '../../workers/governor-worker.ts';
import type { DecisionLine } from '../../workflows/record.ts';
import { fakeRelease } from './fake-release.ts';
import { FakeTools } from './fake-tools.ts';
import { ScriptedModels } from './scripted-models.ts';

// Failures are what these tests are about; only what nobody expects is worth a line.
Runtime.install({ logger: new DefaultLogger('ERROR') });

export const PEOPLE: Person[] = [
  { person: 'carla', roles: ['compliance'], aliases: ['carla.rossi'] },
  { person: 'omar', roles: ['operations'], aliases: [] },
  { person: 'mia', roles: ['manager'], aliases: [] },
];

export interface SpineParts {
  readonly tools?: FakeTools;
  readonly models?: ScriptedModels;
  readonly release?: CaseRelease;
  readonly people?: Person[];
  /** Set where answers have to be signed. */
  readonly answers?: AnswerVerifier;
  /** Where another worker is to take the same cases; else one of its own. */
  readonly taskQueue?: string;
  /** Another version's workflows. */
  readonly bundlePath?: string;
  /** A real store in place of the release and the people. */
  readonly prompts?: PromptStore;
}

/** Workflows and agents' activities on a real server, with tools, models and releases that a test holds in its hand. */
export async function startSpine(parts: SpineParts = {}) {
  const taskQueue = parts.taskQueue ?? `test-${randomUUID()}`;
  const tools = parts.tools ?? new FakeTools();
  const models = parts.models ?? new ScriptedModels();
  const people = parts.people ?? PEOPLE;
  const decisions: DecisionLine[] = [];
  const unlisted: string[] = [];
  const meter = createMeter((point, label) => unlisted.push(`${point} ${label}`));
  let release = parts.release ?? fakeRelease();
  const installation = { heartbeatTimeoutMs: 5000, simulated: true, searchAttributes: true };
  const stored = parts.prompts && createReleaseActivities({ prompts: parts.prompts, ...installation });
  const loadRelease = async (of: { caseId: string; process: string }): Promise<CaseRelease> => {
    const loaded = stored ? await stored.loadRelease(of) : release;
    // What is on a queue of its own stays there.
    const ours = (of: string) => (of === TASK_QUEUE ? taskQueue : of);
    const pins = Object.entries(loaded.agents).map(([name, pin]) => [name, { ...pin, taskQueue: ours(pin.taskQueue) }]);
    return { ...loaded, agents: Object.fromEntries(pins) };
  };
  let seenBySeal: Person[] | undefined;
  const readBySeal = () => {
    const seen = seenBySeal ?? people;
    seenBySeal = undefined;
    return { people: seen };
  };
  const template = {
    render: async (input: Record<string, unknown>) => ({ system: 'Test.', user: JSON.stringify(input) }),
  };
  const deps = {
    models,
    tools,
    prompts: parts.prompts ?? { prompt: async () => template, directory: async () => readBySeal() },
    beatMs: 200,
    log: pino({ level: 'silent' }),
    answers: parts.answers,
    meter,
  };
  let reading = async (): Promise<unknown> => undefined;
  const directory = {
    directory: async () => {
      await reading();
      return { people };
    },
  };
  const tellAll = createNotify(tools);
  const asking = {
    prompts: directory,
    answers: parts.answers,
    meter,
    announce: (notice: Notice) => tellAll(notice).catch(() => undefined),
  };
  const activities = {
    ...Object.fromEntries(Object.values(agents).map((agent) => [agent.name, agentActivity(agent, deps as never)])),
    loadRelease,
    roster: async ({ roles, people: names = [] }: { roles: string[]; people?: string[] }) =>
      people.filter((one) => names.includes(one.person) || one.roles.some((role) => roles.includes(role))),
    notify: atTheDoor(tellAll),
    convene: atTheDoor(createConvene(asking)),
    checkAnswer: atTheDoor(createCheckAnswer(asking)),
  };
  const address = inject('temporalAddress');
  const connection = await NativeConnection.connect({ address });
  const worker = await createGovernorWorker({
    connection,
    namespace: 'default',
    taskQueue,
    bundlePath: parts.bundlePath ?? inject('bundlePath'),
    activities,
    stickyTimeoutMs: 1000,
    shutdownGraceMs: 500,
    recordDecision: (line) => decisions.push(line),
    heard: (signal) => meter.tellAll(emissionsOf(signal)),
  });
  const running = worker.run();
  const client = new Client({ connection: await Connection.connect({ address }) });
  const stop = async (): Promise<void> => {
    worker.shutdown();
    await running;
    await client.connection.close();
    await connection.close();
    if (unlisted.length > 0) throw new Error(`Metrics got values that no list has: ${unlisted.join(', ')}.`);
  };
  const start = (
    workflowType: string,
    input: unknown,
    workflowId = `${workflowType}-${randomUUID()}`,
  ): Promise<WorkflowHandle> => client.workflow.start(workflowType, { taskQueue, workflowId, args: [input] });
  /** All is as it was, but for the release that the next cases take. */
  const reset = (next: CaseRelease = fakeRelease()): void => {
    tools.reset();
    models.reset();
    decisions.length = 0;
    release = next;
  };
  /** Whoever uses the next answer finds these people in the directory, once. */
  const beforeSeal = (seen: Person[]): void => {
    seenBySeal = seen;
  };
  /** From now on whoever looks into the directory waits for this first. */
  const slowDirectory = (wait: () => Promise<unknown>): void => {
    reading = wait;
  };
  return { client, meter, tools, models, people, decisions, taskQueue, start, stop, reset, beforeSeal, slowDirectory };
}

export type Spine = Awaited<ReturnType<typeof startSpine>>;

/** The first request that opens within five seconds. */
export async function openRequest(handle: WorkflowHandle, but: readonly string[] = []): Promise<OpenRequest> {
  for (let tries = 0; tries < 100; tries++) {
    const { waiting } = await status(handle);
    const request = waiting.find(({ approval }) => !but.includes(approval));
    if (request) return request;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no request opened: ${JSON.stringify(await status(handle))}`);
}

export async function status(handle: WorkflowHandle): Promise<CaseStatus> {
  for (let tries = 0; ; tries++) {
    try {
      return await handle.query<CaseStatus>('status');
    } catch (error) {
      // The handler is set once the release is loaded.
      if (tries >= 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Answers a request by Update, as a person would. */
export const answer = (handle: WorkflowHandle, request: OpenRequest, verdict: string, by: string, more: object = {}) =>
  handle.executeUpdate<{ accepted: boolean; decidedBy?: string; why?: string }, [object]>('answer', {
    args: [{ approval: request.approval, digest: request.digest, verdict, by, ...more }],
  });
