import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PROCESSES } from '../../contracts/processes.ts';
import type { CaseRelease } from '../../contracts/release.ts';
import { TicketPolicy } from '../../contracts/ticket-policy.ts';
import { TicketMessage } from '../../contracts/tickets.ts';
import { fakeRelease, POLICY } from './fake-release.ts';

const standard: unknown = JSON.parse(
  readFileSync(new URL('../../prompts/policies/standard-2.json', import.meta.url), 'utf8'),
);

/** What the house's policy says of tickets. */
export const TICKETS: TicketPolicy = TicketPolicy.parse((standard as { tickets: unknown }).tickets);

const limits = { capMicroUsd: 500_000, raiseCeilingMicroUsd: 2_000_000, modelCalls: 18, deadlineSeconds: 90 };

/** What cases of tickets carry, as activities/release.ts gives it out. */
const OWN = [PROCESSES['routeTicket'], PROCESSES['watchTicket']].flatMap((row) => [
  ...(row?.cleanRun ?? []),
  ...(row?.endings ?? []),
  ...(row?.besides ?? []),
]);

/** A release for workflow tests that knows tickets, with what a test changes of their policy. */
export function ticketRelease(change: Partial<TicketPolicy> = {}): CaseRelease {
  const processes = { ...POLICY.processes, routeTicket: limits, watchTicket: limits };
  const never = { confidenceFloor: 0, approval: 'below-floor' as const };
  const agents = { ...POLICY.agents, classifyTicket: never, assignTicket: never };
  const release = fakeRelease({ policy: { processes, tickets: { ...TICKETS, ...change }, agents } });
  const pins = Object.entries(release.agents).filter(([agent]) => OWN.includes(agent));
  return { ...release, agents: Object.fromEntries(pins) };
}

/** A message that runs clean; each has ids of its own. */
export const ticketMessage = (change: Partial<TicketMessage> = {}): TicketMessage => {
  const id = randomUUID().slice(0, 13);
  const base = {
    requestId: `T-${id}`,
    requestedBy: 'gateway',
    messageId: `<${id}@north.example>`,
    sender: 'Ana Novak <ana@north.example>',
    authentication: 'pass',
    receivedAt: '2031-03-03T09:00:00Z',
    subject: 'Transfer',
    text: 'The transfer to my friend failed, why? My IBAN is DE89 3704 0044 0532 0130 00.',
  };
  return TicketMessage.parse({ ...base, ...change });
};
