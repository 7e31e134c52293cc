/** HubSpot's CRM v3 for contacts, as its reference describes it: search with filters and pages, read, update. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { answer, serve } from '../../outside/part.ts';
import { type FarCrm, type FarCustomer, splitName } from './crm-far-side.ts';

export const HUBSPOT_TOKEN = 'pat-eu1-for-tests';
export const hubSpotId = (index: number): string => String(70_100 + index);

const Filter = z.union([
  z.strictObject({
    propertyName: z.string(),
    operator: z.literal('IN'),
    values: z.array(z.string().refine((value) => value === value.toLowerCase())).min(1),
  }),
  z.strictObject({ propertyName: z.string(), operator: z.literal('CONTAINS_TOKEN'), value: z.string().min(1) }),
]);
const Search = z.strictObject({
  filterGroups: z.array(z.strictObject({ filters: z.array(Filter).min(1).max(6) })).max(5),
  properties: z.array(z.string()),
  limit: z.int().min(1).max(200),
  after: z.string().optional(),
});
const Update = z.strictObject({
  properties: z.strictObject({ customer_status: z.enum(['lead', 'active', 'closed']) }),
});
const LONGEST_SEARCH = 3000;

const error = (category: string, message: string) => ({ status: 'error', message, correlationId: 'c-1', category });

/** `pageSize` is what the server gives at most, whatever a search asks for. */
export async function startHubSpot(customers: readonly FarCustomer[], pageSize = 2): Promise<FarCrm> {
  const records = new Map(customers.map((customer) => [customer.customerId, { ...customer }]));
  const asked: string[] = [];
  const misbehaviours: ((response: ServerResponse) => void)[] = [];

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '', 'http://far.example');
    const body = await text(request);
    asked.push(`${request.method} ${pathname}`);
    const misbehave = misbehaviours.shift();
    if (misbehave) return misbehave(response);
    if (request.headers.authorization !== `Bearer ${HUBSPOT_TOKEN}`)
      return answer(response, 401, error('INVALID_AUTHENTICATION', 'Authentication credentials not found.'));
    if (request.method === 'POST' && pathname.endsWith('/contacts/search')) return search(response, body);
    return one(response, records.get(pathname.split('/').at(-1) ?? ''), request.method === 'PATCH' ? body : undefined);
  };

  const one = (response: ServerResponse, record: FarCustomer | undefined, change: string | undefined) => {
    if (!record) return answer(response, 404, error('OBJECT_NOT_FOUND', 'resource not found'));
    if (change !== undefined) {
      const update = Update.safeParse(JSON.parse(change));
      if (!update.success) return answer(response, 400, error('VALIDATION_ERROR', 'Property values were not valid'));
      record.status = update.data.properties.customer_status;
    }
    answer(response, 200, contactOf(record));
  };

  const search = (response: ServerResponse, body: string) => {
    const parsed = Search.safeParse(JSON.parse(body));
    if (!parsed.success || body.length > LONGEST_SEARCH)
      return answer(response, 400, error('VALIDATION_ERROR', 'There was a problem with the request.'));
    const { filterGroups, limit, after = '0' } = parsed.data;
    const all = [...records.values()].filter((record) =>
      filterGroups.some(({ filters }) => filters.every((filter) => fits(record, filter))),
    );
    const from = Number(after);
    const to = from + Math.min(limit, pageSize);
    const results = all.slice(from, to).map(contactOf);
    const paging = to < all.length ? { paging: { next: { after: String(to), link: '?' } } } : {};
    answer(response, 200, { total: all.length, results, ...paging });
  };

  const { url, stop } = await serve({ host: '127.0.0.1', port: 0 }, route);
  return { url, records, asked, stop, misbehave: (...next) => void misbehaviours.push(...next) };
}

function fits(record: FarCustomer, filter: z.output<typeof Filter>): boolean {
  const value = (propertiesOf(record)[filter.propertyName] ?? '').toLowerCase();
  if (filter.operator === 'IN') return filter.values.includes(value);
  return value.split(/\s+/).includes(filter.value.toLowerCase());
}

function propertiesOf({ name, company, email, status }: FarCustomer): Record<string, string | null> {
  const { first, last } = splitName(name);
  // A record that nobody has given our own property yet has its lifecycle stage alone.
  const stage = status === 'active' ? 'customer' : 'lead';
  const own = status === 'closed' ? status : null;
  return { firstname: first || null, lastname: last, company, email, lifecyclestage: stage, customer_status: own };
}

const contactOf = (record: FarCustomer) => ({
  id: record.customerId,
  properties: { ...propertiesOf(record), hs_object_id: record.customerId },
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  archived: false,
});
