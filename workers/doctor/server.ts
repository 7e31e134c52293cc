import { randomUUID } from 'node:crypto';
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import type { Finding } from '../../client/cli/doctor-command.ts';
import { TASK_QUEUE } from '../../contracts/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';

/** What a server is asked over. */
export interface Asked {
  readonly connection: Connection;
  readonly address: string;
  readonly namespace: string;
  /** Task queues of families of agents, beside the house's own. */
  readonly families?: readonly string[];
}

const NOT_FOUND = 5;
/** TaskQueueType of the Temporal API: https://github.com/temporalio/api, enums/v1/task_queue.proto. */
const WORKFLOWS = 1;
const ACTIVITIES = 2;
/** A worker polls again within a minute; one that has not for longer is gone. */
const POLLED_MS = 70_000;
const POLL_MS = 5000;
const LOOK_MS = 50;
/** Tokens of an issuer are believed so far beside our own clock, and answers of people too. */
const MOST_SKEW_MS = 10_000;

/** Everything about a server that answers, in the order in which it is mended. */
export async function lookAtServer(asked: Asked): Promise<Finding[]> {
  const namespace = await lookAtNamespace(asked);
  if (namespace.state !== 'good') return [namespace];
  return [
    namespace,
    ...(await Promise.all([
      lookAtAttributes(asked).catch(notAllowed('search attributes')),
      lookAtWorkers(asked).catch(notAllowed('workers')),
      lookAtClock(asked).catch(notAllowed('clock')),
      ...(asked.families ?? []).map((queue) => lookAtFamily(asked, queue).catch(notAllowed(`workers of ${queue}`))),
    ])),
  ];
}

async function lookAtNamespace({ connection, address, namespace }: Asked): Promise<Finding> {
  const subject = 'Temporal';
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return { subject, state: 'good', says: `answers at ${address}, namespace ${namespace}` };
  } catch (error) {
    const isMissing = isGrpcServiceError(error) && error.code === NOT_FOUND;
    return {
      subject,
      state: 'wrong',
      says: isMissing
        ? `The server at ${address} has no namespace ${namespace}.`
        : `The server at ${address} does not let us in: ${codeOf(error)}.`,
      mend: isMissing
        ? `Set TEMPORAL_NAMESPACE, or: temporal operator namespace create --namespace ${namespace}`
        : 'Look at TEMPORAL_API_KEY, TEMPORAL_TLS_… and TEMPORAL_NAMESPACE.',
    };
  }
}

async function lookAtAttributes({ connection, namespace }: Asked): Promise<Finding> {
  const subject = 'search attributes';
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter(({ name }) => !Object.hasOwn(customAttributes ?? {}, name));
  if (missing.length === 0) return { subject, state: 'good', says: 'registered' };
  const options = missing.map(({ name, type }) => `--name ${name} --type ${type === 'INT' ? 'Int' : 'Keyword'}`);
  return {
    subject,
    state: 'wrong',
    says: `${missing.map(({ name }) => name).join(', ')} ${missing.length === 1 ? 'is' : 'are'} not registered, so lists cannot be filtered.`,
    mend: `A worker that may registers them when it starts; else: temporal operator search-attribute create ${options.join(' ')}`,
  };
}

async function lookAtWorkers(asked: Asked): Promise<Finding> {
  const subject = 'workers';
  const [workflows, activities] = await Promise.all([
    pollersOf(asked, TASK_QUEUE, WORKFLOWS),
    pollersOf(asked, TASK_QUEUE, ACTIVITIES),
  ]);
  const [some, others] = [stillThere(workflows), stillThere(activities)];
  if (some > 0 && others > 0)
    return {
      subject,
      state: 'good',
      says: `${some === 1 ? 'one polls' : `${some} poll`} the task queue ${TASK_QUEUE}`,
    };
  return {
    subject,
    state: 'wrong',
    says: `No worker polls the task queue ${TASK_QUEUE}, so no case goes on.`,
    mend: 'npm run worker, or npm run dev for the whole house.',
  };
}

/** What nobody takes work of is waited for until a step's patience is over, and then a person is asked. */
async function lookAtFamily(asked: Asked, queue: string): Promise<Finding> {
  const subject = `workers of ${queue}`;
  const some = stillThere(await pollersOf(asked, queue, ACTIVITIES));
  if (some > 0) return { subject, state: 'good', says: some === 1 ? 'one polls' : `${some} poll` };
  const says = `No worker polls the task queue ${queue}, to which the current release sends agents.`;
  return { subject, state: 'wrong', says, mend: `WORKER_QUEUES=${queue} npm run worker` };
}

const stillThere = (pollers: readonly Poller[]): number =>
  pollers.filter(({ at }) => Date.now() - at < POLLED_MS).length;

interface Poller {
  readonly identity: string;
  /** When the server last heard of it, by the server's clock, milliseconds since 1970. */
  readonly at: number;
}

async function pollersOf({ connection, namespace }: Asked, taskQueue: string, type: number): Promise<Poller[]> {
  const queue = { namespace, taskQueue: { name: taskQueue }, taskQueueType: type };
  const { pollers } = await connection.workflowService.describeTaskQueue(queue);
  return (pollers ?? []).map(({ identity, lastAccessTime }) => ({
    identity: identity ?? '',
    at: Number(lastAccessTime?.seconds ?? 0) * 1000 + (lastAccessTime?.nanos ?? 0) / 1_000_000,
  }));
}

/**
 * Temporal tells nobody its time, but it notes when a queue was last polled: we poll one that nobody else has heard of,
 * and read the note.
 */
async function lookAtClock(asked: Asked): Promise<Finding> {
  const { connection, namespace } = asked;
  const taskQueue = `governor-doctor-${randomUUID()}`;
  const seen = new AbortController();
  const began = Date.now();
  const polling = connection
    .withAbortSignal(seen.signal, () =>
      connection.withDeadline(began + POLL_MS, () =>
        connection.workflowService.pollActivityTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          identity: 'doctor',
        }),
      ),
    )
    .catch(() => undefined);
  try {
    while (Date.now() < began + POLL_MS) {
      const [poller] = await pollersOf(asked, taskQueue, ACTIVITIES);
      if (poller) return skewOf(poller.at, began, Date.now());
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return { subject: 'clock', state: 'skipped', says: 'The server does not say what time it is.' };
  } finally {
    seen.abort();
    await polling;
  }
}

/** The server wrote its time down between two instants of ours; all are milliseconds since 1970. */
export function skewOf(theirs: number, before: number, after: number): Finding {
  const subject = 'clock';
  const skew = theirs < before ? theirs - before : theirs > after ? theirs - after : 0;
  const seconds = Math.abs(skew / 1000).toFixed(1);
  if (Math.abs(skew) <= MOST_SKEW_MS) return { subject, state: 'good', says: `within ${seconds} s of the server's` };
  return {
    subject,
    state: 'wrong',
    says: `This machine is ${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} the server, so tokens and deadlines do not hold.`,
    mend: 'Let both keep their time by NTP (timedatectl set-ntp true).',
  };
}

const notAllowed =
  (subject: string) =>
  (error: unknown): Finding => ({ subject, state: 'skipped', says: `The server does not tell us: ${codeOf(error)}.` });

const codeOf = (error: unknown): string =>
  isGrpcServiceError(error) ? `gRPC code ${error.code}` : error instanceof Error ? error.name : 'unknown';
