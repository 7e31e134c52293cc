import { Failed, type FailureType, fail } from '../contracts/failures.ts';

/** Types that say by themselves that the other side did nothing. */
const WITHOUT_EFFECT: readonly FailureType[] = ['ToolRejected', 'ToolRateLimited'];

/** True where the other side surely did nothing, so that the same key may be tried again at once. */
export function refusedWithoutEffect(error: unknown): boolean {
  if (!(error instanceof Failed)) return false;
  return WITHOUT_EFFECT.includes(error.failure.type) || error.failure.details['effect'] === 'none';
}

/** Nobody answered in time, or not at all. `effect: 'none'` where nothing can have reached the other side. */
export const unavailable = (system: string, details: Record<string, unknown> = {}): Failed =>
  new Failed(fail('ToolUnavailable', `The system behind ${system} cannot be reached.`, { system, ...details }));

/** The other side understood, and said no. `reason` is one of our words, never the other side's. */
export const rejected = (reason: string, details: Record<string, unknown> = {}): Failed =>
  new Failed(fail('ToolRejected', 'The tool refused the call.', { reason, ...details }));

/** An answer that is not what the contract promises. `field` is its path, `$` for the whole. */
export const badAnswer = (system: string, field: string): Failed =>
  new Failed(fail('BadAnswer', `The answer of ${system} is not what its contract promises.`, { system, field }));

/** SQLite's busy, locked, I/O error, full and cannot open; Node's for a lost connection; Postgres' classes of the same. */
const DATABASE_TROUBLE = /^(SQLITE_(5|6|10|13|14)$|ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|08|40|53|57)/;

/**
 * What a tool may let out: a Failed as it is, trouble with our own database as ToolUnavailable, and anything else as a
 * mistake of ours, without its message, which may hold what nobody should read.
 */
export function asFailed(error: unknown, tool: string): Failed {
  if (error instanceof Failed) return error;
  if (isDatabaseTrouble(error)) return unavailable(tool, { code: codeOf(error) });
  return new Failed(fail('InternalError', 'A tool failed in a way that nobody foresaw.', { tool }), { cause: error });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  if ('errcode' in error) return `SQLITE_${Number(error.errcode) & 0xff}`;
  return typeof error.code === 'string' ? error.code : '';
}

/** The pg pool gives its own connection troubles no code. */
const POOL_TROUBLE = /^(timeout exceeded when trying to connect|Connection terminated)/;

/** True for what may be over in a moment: a lock, a lost connection, a database that starts. */
export const isDatabaseTrouble = (error: unknown): boolean =>
  DATABASE_TROUBLE.test(codeOf(error)) || (error instanceof Error && POOL_TROUBLE.test(error.message));
