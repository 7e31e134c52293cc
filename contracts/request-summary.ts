import type { OpenRequest, RequestSummary } from './messages.ts';

/** What a list shows of a request, without asking any worker. */
export function summarize(request: OpenRequest, process: string): RequestSummary {
  const { approval, kind, role, named, asks, subject, amount, tier, rule, risk, askedAt, until, due, digest } = request;
  const { confidence, claimedBy, barred, recommendation, held, remarks } = request;
  const handed = remarks.findLast(({ verdict }) => verdict === 'delegate');
  return {
    ...{ approval, kind, role, asks, subject, tier, rule, risk, askedAt, until, due, digest, barred, process },
    ...(named ? { named } : {}),
    ...(amount ? { amount } : {}),
    ...(confidence === undefined ? {} : { confidence }),
    ...(claimedBy ? { claimedBy } : {}),
    ...(handed?.to ? { delegated: { from: handed.by, to: handed.to } } : {}),
    ...(recommendation ? { advice: recommendation.verdict } : {}),
    ...(held ? { held: true } : {}),
  };
}
