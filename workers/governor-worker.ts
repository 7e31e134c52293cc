import type { DataConverter } from '@temporalio/common';
import {
  type ActivityInterceptorsFactory,
  type InjectedSinks,
  type NativeConnection,
  Worker,
} from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { Signal } from '../contracts/signals.ts';
import type { Teller } from '../telemetry/case-spans.ts';
import type { DecisionLine, DecisionSinks } from '../workflows/record.ts';
import type { SignalSinks } from '../workflows/signals.ts';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Path of the prebuilt workflow bundle; without it, agents alone. */
  readonly bundlePath?: string | undefined;
  readonly activities: object;
  /** How many activities are at work at once; the SDK's own number where nothing is said. */
  readonly activitySlots?: number | undefined;
  /** How long a run's cache on a dead worker is waited for, milliseconds. */
  readonly stickyTimeoutMs: number;
  /** How long a worker that is told to stop lets its activities go on, milliseconds. */
  readonly shutdownGraceMs: number;
  /** How payloads are written and read, where not in clear. */
  readonly dataConverter?: DataConverter | undefined;
  /** Takes each decision once it is made. */
  readonly recordDecision: (line: DecisionLine, teller: Teller) => void;
  /** Takes what metrics and traces are made of. */
  readonly heard?: ((signal: Signal, teller: Teller) => void) | undefined;
  /** Runs activities inside their case's trace. */
  readonly tracedActivities?: ActivityInterceptorsFactory | undefined;
}

/** The worker of one task queue: every agent, and every workflow where there is a bundle. */
export function createGovernorWorker(parts: WorkerParts): Promise<Worker> {
  const sinks: InjectedSinks<DecisionSinks & SignalSinks> = {
    decisions: {
      record: { fn: (info, line, trace) => parts.recordDecision(line, tellerOf(info, trace)), callDuringReplay: false },
    },
    signals: {
      tell: { fn: (info, signal, trace) => parts.heard?.(signal, tellerOf(info, trace)), callDuringReplay: false },
    },
  };
  return Worker.create({
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    ...(parts.bundlePath ? { workflowBundle: { codePath: parts.bundlePath } } : {}),
    activities: parts.activities,
    ...(parts.activitySlots === undefined ? {} : { maxConcurrentActivityTaskExecutions: parts.activitySlots }),
    sinks,
    ...(parts.tracedActivities ? { interceptors: { activity: [parts.tracedActivities] } } : {}),
    ...(parts.dataConverter ? { dataConverter: parts.dataConverter } : {}),
    stickyQueueScheduleToStartTimeout: parts.stickyTimeoutMs,
    shutdownGraceTime: parts.shutdownGraceMs,
    // A throttled heartbeat is lost with its process, and a checkpoint must not be.
    maxHeartbeatThrottleInterval: '1ms',
    defaultHeartbeatThrottleInterval: '1ms',
  });
}

const tellerOf = ({ workflowId, runId }: WorkflowInfo, traceparent: string | undefined): Teller => ({
  workflowId,
  runId,
  traceparent,
});
