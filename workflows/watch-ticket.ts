import { ApplicationFailure, condition, defineSignal, defineUpdate, log, setHandler } from '@temporalio/workflow';
import { correctTicket } from '../agents/index.ts';
import type { Person } from '../contracts/directory.ts';
import type { Role } from '../contracts/roles.ts';
import type { TicketPolicy } from '../contracts/ticket-policy.ts';
import {
  REPLIED,
  SUSPENDED,
  TICKET_NEWS,
  TicketNews,
  TicketWatch,
  TRIAGE,
  type Watched,
} from '../contracts/tickets.ts';
import { notify, roster } from './activities.ts';
import type { Case } from './case.ts';
import type { Stopped } from './closing.ts';
import { describeIssues } from './listening.ts';
import { openCase, parseInput } from './open-case.ts';
import { ticketPolicy } from './route-ticket.ts';
import { type Bell, TicketClock } from './ticket-clock.ts';

/** After so long without a word, and so many words, a watch ends. */
const LONGEST_SILENCE_MS = 30 * 24 * 3_600_000;
const MOST_NEWS = 100;
const LEAD: Role = 'support-lead';

/** A ticket that waits, and what has become of it. */
interface Watching {
  readonly watch: Case;
  readonly ticketId: string;
  readonly policy: TicketPolicy;
  readonly clock: TicketClock;
  destination: string;
  corrections: number;
  paged: boolean;
  late: boolean;
}

/** Watches over a ticket until somebody has answered: pages its owner before that is late, and takes corrections. */
export async function watchTicket(raw: unknown): Promise<Watched | Stopped> {
  const { ticketId, destination, priority, since } = parseInput(TicketWatch, raw);
  const watch = await openCase('watchTicket', { reference: ticketId, requestedBy: 'routeTicket' });

  return watch.run(async () => {
    const policy = ticketPolicy(watch);
    const clock = new TicketClock(policy, priority, Date.parse(since));
    const of: Watching = { watch, ticketId, policy, clock, destination, corrections: 0, paged: false, late: false };
    const inbox: TicketNews[] = [];
    listen(inbox, policy, await roster({ roles: ['operations', LEAD, ...policy.queues.map(({ owner }) => owner)] }));
    await untilAnswered(of, inbox);
    const { corrections, paged, late } = of;
    return { outcome: late ? 'breached' : 'answered', ticketId, destination: of.destination, corrections, paged };
  });
}

async function untilAnswered(of: Watching, inbox: TicketNews[]): Promise<void> {
  for (let heard = 0; heard < MOST_NEWS; heard++) {
    let bell = await nextBell(of.watch, of.clock, inbox);
    for (; bell && bell !== 'silence'; bell = await nextBell(of.watch, of.clock, inbox)) await ring(of, bell);
    const news = bell ? undefined : inbox.shift();
    if (!news || news.news === 'answered') return;
    await hear(of, news);
  }
}

async function ring(of: Watching, bell: Bell): Promise<void> {
  of.clock.rang(bell);
  if (bell === 'page') of.paged = true;
  else of.late = true;
  await page(of, bell, bell === 'page' ? ownerOf(of) : LEAD);
}

async function hear(of: Watching, { news, queue, by, reason = 'no reason given' }: TicketNews): Promise<void> {
  if (news === 'waiting-for-customer') of.clock.pause(Date.now());
  if (news === 'customer-answered') of.clock.resume(Date.now());
  if (news !== 'correct' || !queue || queue === of.destination) return;
  const move = { ticketId: of.ticketId, from: of.destination, to: queue, by, reason };
  await of.watch.step(correctTicket, move, { leaves: 'a ticket that was moved' });
  of.destination = queue;
  of.corrections += 1;
  of.clock.handedOver();
}

/** Waits for news or the next bell. While it waits, the case's own time stands still. Nothing: there is news. */
async function nextBell(
  watch: Case,
  clock: TicketClock,
  inbox: readonly TicketNews[],
): Promise<Bell | 'silence' | undefined> {
  const { next } = clock;
  const patienceMs = next ? Math.max(1, next.at - Date.now()) : LONGEST_SILENCE_MS;
  const heard = await watch.wait(() => condition(() => inbox.length > 0, patienceMs));
  return heard ? undefined : (next?.bell ?? 'silence');
}

/** A page that nobody gets is written down and no more: the next bell rings all the same. */
async function page({ watch, ticketId, destination }: Watching, bell: Bell, role: Role): Promise<void> {
  const { caseId } = watch.facts;
  const says = bell === 'page' ? 'will soon be answered too late' : 'was not answered in time';
  const message = `Ticket ${ticketId} in ${destination} ${says}.`;
  await notify({ key: `${caseId}:${bell}:${destination}`, caseId, role, message }).catch(() =>
    log.warn('a page could not be sent', { role, bell }),
  );
}

const ownerOf = ({ policy: { queues, triage }, destination }: Watching): Role =>
  destination === TRIAGE ? triage.owner : (queues.find(({ queue }) => queue === destination)?.owner ?? LEAD);

/** Takes news by Signal and Update, from people of the desk alone. */
function listen(inbox: TicketNews[], policy: TicketPolicy, people: readonly Person[]): void {
  const places = [TRIAGE, SUSPENDED, ...policy.queues.map(({ queue }) => queue)];
  const objection = (raw: unknown): string | undefined => {
    const parsed = TicketNews.safeParse(raw);
    if (!parsed.success) return describeIssues(parsed.error);
    const { by, news, queue } = parsed.data;
    if (!people.some(({ person, aliases }) => person === by || aliases.includes(by)))
      return 'Only people of the desk may say so.';
    if (news === 'correct' && (!queue || !places.includes(queue)))
      return `A correction names one of ${places.join(', ')}.`;
    return undefined;
  };
  const take = (raw: unknown): void => void inbox.push(TicketNews.parse(raw));
  setHandler(defineSignal<[unknown]>(TICKET_NEWS), (raw) => {
    const why = objection(raw);
    if (why) log.warn('news of a ticket were ignored', { why });
    else take(raw);
  });
  setHandler(defineSignal(REPLIED), () => void inbox.push({ by: 'the customer', news: 'customer-answered' }));
  setHandler(defineUpdate<void, [unknown]>(TICKET_NEWS), take, {
    validator: (raw) => {
      const why = objection(raw);
      if (why) throw ApplicationFailure.nonRetryable(why, 'InvalidInput');
    },
  });
}
