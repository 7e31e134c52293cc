import type { TicketPolicy } from '../../contracts/ticket-policy.ts';
import { type Ticketed, TRIAGE_RULES } from '../../contracts/tickets.ts';
import type { Counts } from '../../outside/counts.ts';
import { queuesOf } from './corrections.ts';

/** One query, and what came of it; nothing where its case failed. */
export interface Sent {
  readonly requestId: string;
  readonly label: string;
  readonly done: Ticketed | undefined;
  readonly ms: number;
}

/** What a load has shown. Shares are of one; `wrong` says what must not be, and is empty. */
export function reportOn(
  sent: readonly Sent[],
  seconds: number,
  counts: Pick<Counts, 'tickets' | 'audit'>,
  policy: TicketPolicy,
) {
  const routed = sent.filter(({ done }) => done?.outcome === 'routed');
  const triage = sent.filter(({ done }) => done?.outcome === 'triage');
  const queueOf = queuesOf(policy);
  const sameQueue = routed.filter(({ done, label }) => done?.queue === queueOf.get(label));
  const sameIntent = routed.filter(({ done, label }) => done?.intent === label);
  const times = sent.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return {
    answers: 'simulated: by rules that read the words, not by a model',
    queries: sent.length,
    seconds: round(seconds),
    perSecond: round(sent.length / seconds),
    caseMs: { p50: at(times, 0.5), p95: at(times, 0.95) },
    routed: routed.length,
    triage: {
      share: share(triage.length, sent.length),
      reasons: tally(triage.map(({ done }) => done?.rule ?? 'none')),
    },
    others: tally(
      sent.filter((one) => !routed.includes(one) && !triage.includes(one)).map(({ done }) => done?.rule ?? 'failed'),
    ),
    agreement: { queue: share(sameQueue.length, routed.length), intent: share(sameIntent.length, routed.length) },
    atTheFarSide: {
      tickets: counts.tickets.length,
      destinations: tally(counts.tickets.map(({ destination }) => destination ?? 'nowhere')),
      audits: counts.audit.length,
    },
    wrong: wrongIn(sent, counts, policy),
  };
}

/** None twice, none lost, each where its case said, and none before people without a reason that the policy names. */
function wrongIn(
  sent: readonly Sent[],
  { tickets, audit }: Pick<Counts, 'tickets' | 'audit'>,
  { triage }: TicketPolicy,
): string[] {
  // One that lies nowhere has no key; those that the world began with are none of ours.
  const ours = tickets.filter(
    ({ key, rule }) => key.startsWith('routeTicket:load-') || (key === '' && rule !== 'seed'),
  );
  const byId = new Map(ours.map((ticket) => [ticket.id, ticket]));
  const named = new Set<string>(TRIAGE_RULES.filter((rule) => triage.rules.includes(rule)));
  const problems = sent.flatMap(({ requestId, done }) => {
    if (!done) return [`${requestId} failed`];
    const found = byId.get(done.ticketId);
    const placed = done.queue ?? done.outcome;
    return [
      ...(found?.destination === placed
        ? []
        : [`${requestId} says ${placed}, the desk has ${found?.destination ?? 'nothing'}`]),
      ...(found?.messages === 1 ? [] : [`${requestId} has ${found?.messages ?? 0} messages`]),
      ...(done.outcome !== 'triage' || named.has(done.rule) ? [] : [`${requestId} is before people for ${done.rule}`]),
    ];
  });
  const ids = new Set(sent.map(({ done }) => done?.ticketId));
  return [
    ...problems,
    ...(ids.size === sent.length ? [] : [`${sent.length} messages made ${ids.size} tickets`]),
    ...(ours.length === sent.length ? [] : [`the desk has ${ours.length} tickets`]),
    ...(audit.length === sent.length ? [] : [`there are ${audit.length} audits`]),
  ];
}

function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([, one], [, other]) => other - one));
}

const at = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.floor(sorted.length * part)] ?? 0);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 1000) / 1000);
const round = (figure: number): number => Math.round(figure * 10) / 10;
