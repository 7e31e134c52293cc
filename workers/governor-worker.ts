import type { DataConverter } from '@temporalio/common';
import { type InjectedSinks, type NativeConnection, Worker } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import type { Signal } from '../contracts/signals.ts';
import type { DecisionLine, DecisionSinks } from '../workflows/record.ts';
import type { SignalSinks } from '../workflows/signals.ts';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  /** Path of the prebuilt workflow bundle. */
  readonly bundlePath: string;
  readonly activities: object;
  /** How long a run's cache on a dead worker is waited for, milliseconds. */
  readonly stickyTimeoutMs: number;
  /** How long a worker that is told to stop lets its activities go on, milliseconds. */
  readonly shutdownGraceMs: number;
  /** How payloads are written and read, where not in clear. */
  readonly dataConverter?: DataConverter | undefined;
  /** Takes each decision once it is made. */
  readonly recordDecision: (line: DecisionLine) => void;
  /** Takes what metrics and traces are made of. */
  readonly heard?: ((signal: Signal, info: WorkflowInfo) => void) | undefined;
}

/** One worker process's worker: every workflow, every agent, one task queue. */
export function createGovernorWorker(parts: WorkerParts): Promise<Worker> {
  const sinks: InjectedSinks<DecisionSinks & SignalSinks> = {
    decisions: { record: { fn: (_info, line) => parts.recordDecision(line), callDuringReplay: false } },
    signals: { tell: { fn: (info, signal) => parts.heard?.(signal, info), callDuringReplay: false } },
  };
  return Worker.create({
    connection: parts.connection,
    namespace: parts.namespace,
    taskQueue: parts.taskQueue,
    workflowBundle: { codePath: parts.bundlePath },
    activities: parts.activities,
    sinks,
    ...(parts.dataConverter ? { dataConverter: parts.dataConverter } : {}),
    stickyQueueScheduleToStartTimeout: parts.stickyTimeoutMs,
    shutdownGraceTime: parts.shutdownGraceMs,
    // A throttled heartbeat is lost with its process, and a checkpoint must not be.
    maxHeartbeatThrottleInterval: '1ms',
    defaultHeartbeatThrottleInterval: '1ms',
  });
}
