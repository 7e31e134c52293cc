import type { CatalogRow } from './catalog.ts';
import { usageAtBound } from './cost.ts';
import type { ModelRequest, Usage } from './model.ts';

/**
 * Usage as it is billed, from what a provider reported. `total` is its figure for all input, where cached tokens are
 * inside it; `input` its figure where they are not. Where a figure is missing or makes no sense, the call is booked at
 * its bound: what was not told is not free.
 */
export interface Reported {
  readonly total?: unknown;
  readonly input?: unknown;
  readonly cacheRead: unknown;
  readonly cacheWrite: unknown;
  readonly output: unknown;
}

export function readUsage(reported: Reported, row: CatalogRow, request: ModelRequest): Usage {
  const cacheRead = reported.cacheRead ?? 0;
  const cacheWrite = reported.cacheWrite ?? 0;
  const { output } = reported;
  if (!isCount(cacheRead) || !isCount(cacheWrite) || !isCount(output)) return usageAtBound(row, request);
  if (isCount(reported.input)) return { input: reported.input, cacheRead, cacheWrite, output };
  if (!isCount(reported.total)) return usageAtBound(row, request);
  return { input: Math.max(0, reported.total - cacheRead - cacheWrite), cacheRead, cacheWrite, output };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
