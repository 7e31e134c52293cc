import type { Client } from '@temporalio/client';
import type { Arrival } from './arrivals.ts';

/** A task as a history tells it. Times are milliseconds since 1970. */
export interface Task {
  readonly kind: 'activity' | 'workflow';
  readonly scheduledAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** 1 for a task that was done at once. */
  readonly attempt: number;
}

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/** The tasks of a case that were done. */
export function tasksIn(history: History): Task[] {
  const events = new Map((history.events ?? []).map((event) => [String(event.eventId), event]));
  return [...events.values()].flatMap((event) => {
    const activity = event.activityTaskCompletedEventAttributes;
    const done = activity ?? event.workflowTaskCompletedEventAttributes;
    const scheduled = events.get(String(done?.scheduledEventId));
    const started = events.get(String(done?.startedEventId));
    if (!scheduled || !started) return [];
    const attempt = activity
      ? (started.activityTaskStartedEventAttributes?.attempt ?? 0)
      : (scheduled.workflowTaskScheduledEventAttributes?.attempt ?? 0);
    const times = { scheduledAt: timeOf(scheduled), startedAt: timeOf(started), endedAt: timeOf(event) };
    return [{ kind: activity ? 'activity' : 'workflow', attempt, ...times } as const];
  });
}

const timeOf = ({ eventTime }: Event): number => Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;

const AT_ONCE = 10;

/** The tasks of those cases that are over. It is asked for afterwards: reading histories is work for the server too. */
export async function tasksOf(client: Client, arrivals: readonly Arrival[]): Promise<Task[]> {
  const over = arrivals.flatMap(({ case: one, endedAt }) => (one && endedAt !== undefined ? [one] : []));
  const tasks: Task[] = [];
  for (let from = 0; from < over.length; from += AT_ONCE) {
    const histories = over
      .slice(from, from + AT_ONCE)
      .map(({ id, run }) => client.workflow.getHandle(id, run).fetchHistory());
    tasks.push(...(await Promise.all(histories)).flatMap(tasksIn));
  }
  return tasks;
}

/**
 * From the scheduling of each task of this window to its start, milliseconds. A later attempt waits for its retry too, and is
 * left out.
 */
export const waitsIn = (tasks: readonly Task[], kind: Task['kind'], from: number, to: number): number[] =>
  tasks
    .filter((task) => task.kind === kind && task.attempt === 1 && task.scheduledAt >= from && task.scheduledAt < to)
    .map(({ scheduledAt, startedAt }) => startedAt - scheduledAt);

/** How many activities were at work at once, on average over this window. */
export function atWork(tasks: readonly Task[], from: number, to: number): number {
  const inside = tasks
    .filter(({ kind }) => kind === 'activity')
    .map(({ startedAt, endedAt }) => Math.max(0, Math.min(endedAt, to) - Math.max(startedAt, from)));
  return inside.reduce((total, each) => total + each, 0) / (to - from);
}
