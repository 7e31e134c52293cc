import type { CaseHistory } from '../../client/index.ts';
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

/** What the other processes leave, counted in the same way. */
const OTHERS: Readonly<Record<string, (counts: Counts) => readonly { readonly key: string }[]>> = {
  placeOrder: ({ orders, refunds }) => [...orders, ...refunds],
  cancelOrder: ({ refunds }) => refunds,
  routeTicket: ({ tickets }) => tickets,
  approveExpense: ({ exports }) => exports,
  approveDocument: ({ certificates, notifications }) => [...certificates, ...notifications],
};

/** How many things one case did outside, whatever its process. */
export function effectCount(counts: Counts, history: CaseHistory): number {
  const others = OTHERS[history.process]?.(counts);
  if (!others) return totalOf(effectsOf(counts, history));
  const begin = `${history.process}:${requestIdOf(history.input)}:`;
  return others.filter(({ key }) => key.startsWith(begin)).length;
}

/** `0 accounts, 1 welcome kit, …` */
export const showEffects = (effects: CaseEffects): string =>
  Object.entries(EFFECT_WORDS)
    .map(([kind, words]) => countOf(effects[kind as keyof CaseEffects], words.slice(0, -1)))
    .join(', ');

export const totalOf = (effects: CaseEffects): number => Object.values(effects).reduce((sum, count) => sum + count, 0);

const requestIdOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'requestId' in input ? String(input.requestId) : '';
