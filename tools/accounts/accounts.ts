import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { closeAccount, createAccount } from '../../contracts/tools/accounts.ts';
import { PLANS } from '../../contracts/tools/accounts.ts';
import type { Tables } from '../database.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';
import { ownerAndSlots } from './slots.ts';

type Created = ToolOutput<typeof createAccount>;
type Closed = ToolOutput<typeof closeAccount>;

/** Opens the account of a request, or tells of the one that the request has; a request that was closed opens none. */
export async function openAccount(
  call: ToolInput<typeof createAccount>,
  context: ToolContext,
  store: Store,
): Promise<Created> {
  const now = context.now();
  const accountId = `acc-${digestOfText(call.requestId).slice(0, 12)}`;
  const { owner, openSlots } = ownerAndSlots(accountId, now);
  const row = {
    ...call,
    accountId,
    owner,
    openSlots: JSON.stringify(openSlots),
    state: 'open' as const,
    reason: null,
    run: context.run,
    key: context.key,
    at: now,
  };
  const inserted = await store
    .insertInto('accounts')
    .values(row)
    .onConflict((conflict) => conflict.column('requestId').doNothing())
    .executeTakeFirst();
  if (inserted.numInsertedOrUpdatedRows === 1n)
    return { accountId, customerId: call.customerId, plan: call.plan, openSlots };

  const earlier = await accountOf(store, call.requestId);
  if (earlier.state !== 'open')
    throw rejected('the request was closed and opens no account', { requestId: call.requestId });
  if (earlier.customerId !== call.customerId)
    throw rejected('the request opened an account for another customer', { requestId: call.requestId });
  return asCreated(earlier);
}

/** Closes what the request opened. Where it opened nothing, it never will: a create that comes late is refused. */
export async function closeAccountOf(
  call: ToolInput<typeof closeAccount>,
  context: ToolContext,
  store: Store,
): Promise<Closed> {
  const nothing = {
    accountId: null,
    customerId: null,
    identityCheckId: null,
    displayName: null,
    plan: null,
    segment: null,
    owner: null,
    openSlots: null,
  };
  const { key, run, now } = context;
  const tombstone = { ...nothing, ...call, state: 'never-opened' as const, run, key, at: now() };
  await store
    .insertInto('accounts')
    .values(tombstone)
    .onConflict((conflict) => conflict.column('requestId').doNothing())
    .execute();
  const account = await accountOf(store, call.requestId);
  const { requestId, accountId } = account;
  if (accountId === null) return { requestId, accountId, state: 'never-opened' };
  if (account.run !== run) return { requestId, accountId, state: 'kept' };
  const closed = { state: 'closed' as const, reason: call.reason };
  await store.updateTable('accounts').set(closed).where('requestId', '=', requestId).execute();
  // The effect is gone, so its result must not be told again: whoever asks for it now is refused, since the account is closed.
  await store.updateTable('ledger').set({ state: 'refused', answer: null }).where('key', '=', account.key).execute();
  return { requestId, accountId, state: 'closed' };
}

const accountOf = (store: Store, requestId: string): Promise<Tables['accounts']> =>
  store.selectFrom('accounts').selectAll().where('requestId', '=', requestId).executeTakeFirstOrThrow();

function asCreated(row: Tables['accounts']): Created {
  const plan = PLANS.find((name) => name === row.plan) ?? PLANS[0];
  return {
    accountId: row.accountId ?? '',
    customerId: row.customerId ?? '',
    plan,
    openSlots: JSON.parse(row.openSlots ?? '[]'),
  };
}
