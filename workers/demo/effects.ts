import type { CaseHistory } from '../../client/index.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import type { Counts } from '../../outside/counts.ts';
import { countOf } from './screen.ts';

/** What one case did to the world, as the world has it. */
export interface CaseEffects {
  readonly accounts: number;
  readonly kits: number;
  readonly mails: number;
  readonly meetings: number;
  readonly notifications: number;
}

/** The effects of an onboarding in the order in which they happen, in words for a table. */
export const EFFECT_WORDS: Readonly<Record<keyof CaseEffects, string>> = {
  accounts: 'accounts',
  kits: 'welcome kits',
  mails: 'e-mails',
  meetings: 'meetings',
  notifications: 'notifications',
};

/** Counts what the far sides hold of a case's request: twice the same would be counted as two. */
export function effectsOf(counts: Counts, { process, input, steps }: CaseHistory): CaseEffects {
  const requestId = requestIdOf(input);
  const ours = ({ key }: { readonly key: string }): boolean => key.startsWith(`${process}:${requestId}:`);
  const kits = new Set(steps.map(({ answer }) => answer?.['documentId']).filter((id) => typeof id === 'string'));
  return {
    accounts: counts.accounts.filter((account) => account.requestId === requestId && account.state === 'open').length,
    kits: counts.documents.filter((id) => kits.has(id)).length,
    mails: counts.mails.filter(ours).length,
    meetings: counts.meetings.filter(ours).length,
    notifications: counts.notifications.filter(ours).length,
  };
}

type Keyed = readonly { readonly key: string }[];

/** Where the other processes leave things; each bears the key of the call that made it. */
const OTHERS: Readonly<Record<string, (counts: Counts) => Readonly<Record<string, Keyed>>>> = {
  placeOrder: ({ orders, refunds }) => ({ order: orders, refund: refunds }),
  cancelOrder: ({ refunds }) => ({ refund: refunds }),
  routeTicket: ({ tickets }) => ({ ticket: tickets }),
  approveExpense: ({ exports }) => ({ payment: exports }),
  approveDocument: ({ certificates, notifications }) => ({ certificate: certificates, notification: notifications }),
};

/** What one case did outside, whatever its process, each thing by a name; what is there twice is named twice. */
export function effectNames(counts: Counts, history: CaseHistory): string[] {
  const others = OTHERS[history.process]?.(counts);
  if (!others) {
    const found = Object.entries(effectsOf(counts, history));
    return found.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  }
  const begin = `${history.process}:${requestIdOf(history.input)}:`;
  return Object.entries(others).flatMap(([kind, list]) =>
    list.flatMap(({ key }) => (key.startsWith(begin) ? [`${kind} ${key}`] : [])),
  );
}

/** How many things cases did outside, whoever they are. Seeds and notices to people bear no process's key. */
export function countAll({ documents, ...counts }: Counts): number {
  const { accounts, mails, meetings, notifications, orders, refunds, tickets, exports, certificates } = counts;
  const lists: readonly Keyed[] = [
    ...[accounts, mails, meetings, notifications, orders],
    ...[refunds, tickets, exports, certificates],
  ];
  return documents.length + lists.flat().filter(({ key }) => Object.hasOwn(PROCESSES, key.split(':')[0] ?? '')).length;
}

/** How many things one case did outside. */
export const effectCount = (counts: Counts, history: CaseHistory): number => effectNames(counts, history).length;

/** `0 accounts, 1 welcome kit, …` */
export const showEffects = (effects: CaseEffects): string =>
  Object.entries(EFFECT_WORDS)
    .map(([kind, words]) => countOf(effects[kind as keyof CaseEffects], words.slice(0, -1)))
    .join(', ');

export const totalOf = (effects: CaseEffects): number => Object.values(effects).reduce((sum, count) => sum + count, 0);

const requestIdOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'requestId' in input ? String(input.requestId) : '';
