import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import { type Logger, pino } from 'pino';

const LEVELS: Readonly<Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/** JSON lines on standard error, which keeps standard output for what a program was asked for. */
export const openLog = (process_: string, level: string): Logger =>
  pino({ level, base: { process: process_, pid: process.pid } }, pino.destination(2));

/** Temporal's own log lines in ours. Of an error the type goes along, and no message that we have not written. */
export function forTemporal(log: Logger): DefaultLogger {
  return new DefaultLogger('INFO', ({ level, message, meta }: LogEntry) => {
    const { workflowId, workflowType, activityType, attempt, error, why, approval, alarm } = (meta ?? {}) as Record<
      string,
      unknown
    >;
    const failure = error instanceof Error ? String((error as { type?: unknown }).type ?? error.name) : undefined;
    log[LEVELS[level]]({ workflowId, workflowType, activityType, attempt, failure, why, approval, alarm }, message);
  });
}
