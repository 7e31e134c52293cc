import { endOfCase } from '../../case-end.ts';
import type { CaseRun } from '../../index.ts';
import type { Principal } from '../access/principal.ts';
import { findCase, isClosed, rowOf } from '../found-case.ts';
import type { HttpParts } from '../parts.ts';
import type { CaseResult } from '../shapes.ts';

/**
 * How the case ended, or what it is at where it goes on for longer than the caller waits.
 * @param waitS seconds
 */
export async function resultOf(
  parts: HttpParts,
  principal: Principal,
  caseId: string,
  waitS: number,
  gone: AbortSignal,
): Promise<{ readonly end: CaseResult } | { readonly stage: string; readonly run: string }> {
  const found = await findCase(parts, principal, caseId, 'cases.result');
  const over = isClosed(found.info) || (waitS > 0 && (await endsWithin(parts, found, Math.ceil(waitS * 1000), gone)));
  if (!over) {
    const { stage, run } =
      waitS > 0
        ? rowOf((await findCase(parts, principal, caseId, 'cases.result')).info, parts)
        : rowOf(found.info, parts);
    return { stage, run };
  }
  return { end: await endOfCase(parts.client, found) };
}

/** Waits at the server, which tells at once; nobody polls. */
async function endsWithin(
  { client, stopping }: HttpParts,
  run: CaseRun,
  ms: number,
  gone: AbortSignal,
): Promise<boolean> {
  const enough = AbortSignal.timeout(ms);
  const signal = AbortSignal.any([enough, gone, ...(stopping ? [stopping] : [])]);
  // A call that begins with a signal that is aborted already would never hear of it.
  if (signal.aborted) return false;
  try {
    await endOfCase(client, run, signal);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
