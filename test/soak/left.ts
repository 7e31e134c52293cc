import type { Counts } from '../../outside/counts.ts';

/** What a case has left on the far sides, by kind. */
export interface Left {
  readonly account: number;
  readonly mail: number;
  readonly meeting: number;
  readonly notification: number;
  readonly payment: number;
  readonly certificate: number;
  readonly order: number;
  readonly refund: number;
  readonly ticket: number;
  readonly escalation: number;
  readonly audit: number;
}

export const NOTHING_LEFT: Left = {
  account: 0,
  mail: 0,
  meeting: 0,
  notification: 0,
  payment: 0,
  certificate: 0,
  order: 0,
  refund: 0,
  ticket: 0,
  escalation: 0,
  audit: 0,
};

/** Counts what the far sides hold of a request, by their own records. */
export function leftBy(
  counts: Counts,
  { process, requestId, caseId }: Readonly<Record<'process' | 'requestId' | 'caseId', string>>,
): Left {
  const ours = (list: readonly { readonly key: string }[]): number =>
    list.filter(({ key }) => key.startsWith(`${process}:${requestId}:`)).length;
  const ofCase = (list: readonly { readonly caseId: string }[]): number =>
    list.filter((one) => one.caseId === caseId).length;
  return {
    account: counts.accounts.filter((one) => one.requestId === requestId && one.state === 'open').length,
    mail: ours(counts.mails),
    meeting: ours(counts.meetings),
    notification: ours(counts.notifications),
    payment: ours(counts.exports),
    certificate: ours(counts.certificates),
    order: ours(counts.orders),
    refund: ours(counts.refunds),
    ticket: ours(counts.tickets),
    escalation: ofCase(counts.escalations),
    audit: ofCase(counts.audit),
  };
}
