import { z } from 'zod';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import { getCustomerData } from '../../contracts/tools/customer-data.ts';
import type { Database } from '../database.ts';

type Answer = ToolOutput<typeof getCustomerData>;
type Terms = NonNullable<Answer['terms']>;

const Addresses = getCustomerData.output.shape.terms.unwrap().shape.addresses;
const Status = z.enum(['lead', 'active', 'closed']).catch('lead');

/**
 * Terms, and what is owed: what the books began with and every order on them that was not taken back.
 * @param now instant at which the reading begins, milliseconds since 1970
 */
export async function customerData(
  { customer_id }: ToolInput<typeof getCustomerData>,
  database: Database,
  now: number,
): Promise<Answer> {
  const readAt = new Date(now).toISOString();
  const row = await database.selectFrom('terms').selectAll().where('customerId', '=', customer_id).executeTakeFirst();
  if (!row) return { customer_id, readAt, terms: null };
  const owed = await database
    .selectFrom('orders')
    .select(({ fn }) => fn.sum<number | string | null>('totalMinor').as('total'))
    .where('customerId', '=', customer_id)
    .where('currency', '=', row.currency)
    .where('state', 'in', ['created', 'back-ordered', 'shipped'])
    .executeTakeFirst();
  const terms: Terms = {
    status: Status.parse(row.status),
    currency: row.currency,
    creditLimitMinor: Number(row.creditLimitMinor),
    openMinor: Number(row.openMinor) + Number(owed?.total ?? 0),
    addresses: Addresses.parse(JSON.parse(row.addresses)),
  };
  return { customer_id, readAt, terms };
}
