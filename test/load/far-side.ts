import type { Counts } from '../../outside/counts.ts';
import { onboardingEffects } from '../support/crash/case-book.ts';
import type { Arrival } from './arrivals.ts';

/**
 * What went wrong, by what is really there and not by what the house says: each case that was begun has to leave each of
 * its effects once, end as onboarded in the audit's table, and have nobody told of a failure. Empty where all is well.
 * @param arrivals those that are looked at
 * @param all every case that this house ever had: welcome kits are named by their content, and so are counted as a whole
 */
export function failuresIn(arrivals: readonly Arrival[], all: readonly Arrival[], counts: Counts): string[] {
  const begun = all.filter(({ case: one }) => one);
  const kits = counts.documents.length;
  return [
    ...arrivals.flatMap((arrival) => failuresOf(arrival, counts)),
    ...(kits === begun.length ? [] : [`${begun.length} cases left ${kits} welcome kits`]),
    ...(counts.repeatedDeliveries === 0 ? [] : [`${counts.repeatedDeliveries} deliveries came twice`]),
  ];
}

function failuresOf({ requestId, case: begun, endedAt, refused }: Arrival, counts: Counts): string[] {
  if (!begun) return [`${requestId} was not begun: ${refused ?? 'the API has not answered'}`];
  const audits = counts.audit.filter(({ caseId }) => caseId === begun.id);
  const effects = onboardingEffects(counts, requestId)
    .filter(({ effect }) => effect !== 'audit')
    .filter(({ times }) => times !== 1)
    .map(({ effect, times }) => `${requestId}: ${times} × ${effect}`);
  return [
    ...effects,
    ...(endedAt === undefined ? [`${requestId} has not ended`] : []),
    ...(audits.length === 1 ? [] : [`${requestId}: ${audits.length} × audit`]),
    ...audits.filter(({ outcome }) => outcome !== 'onboarded').map(({ outcome }) => `${requestId} ended as ${outcome}`),
    ...counts.escalations
      .filter(({ caseId }) => caseId === begun.id)
      .map(({ failureType }) => `${requestId}: ${failureType}`),
  ];
}
