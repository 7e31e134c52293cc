/**
 * HubSpot's REST interface, CRM v3, as its public reference describes it (developers.hubspot.com: "Search the CRM",
 * "Contacts", "API usage guidelines", "Error handling"). Written from that reference and held against a local server
 * that behaves as it says; no HubSpot account was at hand.
 *
 * A customer is a contact. Its status is the contact's own property `customer_status` (lead, active, closed), which an
 * administrator adds once; while that is empty, the lifecycle stage tells customers from leads.
 */
import { z } from 'zod';
import type { Failed } from '../../contracts/failures.ts';
import type { ToolContext } from '../offer.ts';
import { badAnswer, rejected, unavailable } from '../trouble.ts';
import { ask, change, type Exchange, type Refusal, rateLimited } from '../web-adapter.ts';
import type { Crm, Customer, Status, Wanted } from './crm.ts';
import { errorName, gathered, type Page, patienceFor, wasNotFound } from './gathering.ts';
import { namePartsOf, packed, tellingWordOf, unique } from './search-words.ts';

export interface HubSpotSettings {
  readonly url: string;
  /** Access token of a private app with contacts' read and write scopes. */
  readonly token: string;
  readonly timeoutMs: number;
  readonly leaseMs: number;
}

const SYSTEM = 'crm (HubSpot)';
const PROPERTIES = ['firstname', 'lastname', 'company', 'email', 'lifecyclestage', 'customer_status'];
const PAGE = 100;
/** A search may have five groups of filters, and a body of 3000 characters with the property names in it. */
const MOST_GROUPS = 5;
const ROOM = 2500;
const MAX_BYTES = 500_000;
const STAGES_OF_CUSTOMERS = ['customer', 'evangelist'];

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
const Contact = z.object({
  id: z.string().min(1).max(64),
  properties: z.object({
    firstname: Text,
    lastname: Text,
    company: Text,
    email: Text,
    lifecyclestage: Text,
    customer_status: Text,
  }),
});
const Found = z.object({
  results: z.array(Contact),
  paging: z.object({ next: z.object({ after: z.string().min(1) }).optional() }).nullish(),
});
const StatusValue = z.enum(['lead', 'active', 'closed']);

interface Filter {
  readonly propertyName: string;
  readonly operator: 'IN' | 'CONTAINS_TOKEN';
  readonly values?: readonly string[];
  readonly value?: string;
}
/** All filters of a group have to hold, and one of the groups. */
type Group = { readonly filters: readonly Filter[] };

export function hubSpotCrm(settings: HubSpotSettings): Crm {
  const { url, token, timeoutMs, leaseMs } = settings;
  const contacts = `${url.replace(/\/$/, '')}/crm/v3/objects/contacts`;
  const exchange = (method: Exchange['method'], path: string, signal: AbortSignal, body?: object): Exchange => ({
    system: SYSTEM,
    method,
    url: `${contacts}${path}`,
    headers: { authorization: `Bearer ${token}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
    timeoutMs,
    maxBytes: MAX_BYTES,
    signal,
    explain,
  });

  const search = async (
    filterGroups: readonly Group[],
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<Page> => {
    const body = { filterGroups, properties: PROPERTIES, limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { results, paging } = parsed(Found, await ask(exchange('POST', '/search', signal, body)));
    return { customers: results.map(asCustomer), next: paging?.next?.after };
  };

  return {
    candidates: (wanted, context) => {
      const signal = patienceFor(context, timeoutMs);
      const searches = packed(groupsFor(wanted), MOST_GROUPS, ROOM, (group) => JSON.stringify(group).length);
      return gathered(SYSTEM, searches, (groups, after) => search(groups, after, signal));
    },
    statusOf: async (customerId, context): Promise<Status | null> => {
      const path = `/${contactId(customerId)}?properties=${PROPERTIES.join(',')}`;
      try {
        return asCustomer(parsed(Contact, await ask(exchange('GET', path, patienceFor(context, timeoutMs))))).status;
      } catch (error) {
        if (wasNotFound(error)) return null;
        throw error;
      }
    },
    update: {
      kind: 'outside',
      leaseMs,
      // The property has one value, however often it is told.
      repeatable: true,
      act: async ({ customerId, status }, context: ToolContext) => {
        const body = { properties: { customer_status: status } };
        await change(exchange('PATCH', `/${contactId(customerId)}`, patienceFor(context, timeoutMs), body));
        return { customerId, status };
      },
    },
  };
}

/** Whom a request may mean, in HubSpot's filters. A list of words has to be in lower case, and is compared without case. */
function groupsFor({ emails, names, companies }: Wanted): Group[] {
  const oneOf = (propertyName: string, words: readonly string[]): Filter => ({
    propertyName,
    operator: 'IN',
    values: unique(words),
  });
  const byEmail =
    emails.length > 0
      ? [
          [
            oneOf(
              'email',
              emails.map((email) => email.toLowerCase()),
            ),
          ],
        ]
      : [];
  const byName = names
    .map(namePartsOf)
    .flatMap(({ parts, whole }) => [
      ...(parts.length > 0 ? [[oneOf('firstname', parts), oneOf('lastname', parts)]] : []),
      ...(whole.length > 0 ? [[oneOf('lastname', whole)], [oneOf('firstname', whole)]] : []),
    ]);
  const byCompany = unique(companies.map((company) => tellingWordOf(company) ?? '')).map((value): Filter[] => [
    { propertyName: 'company', operator: 'CONTAINS_TOKEN', value },
  ]);
  return [...byEmail, ...byName, ...byCompany].map((filters) => ({ filters }));
}

function asCustomer({ id, properties }: z.output<typeof Contact>): Customer {
  const { firstname, lastname, company, email, lifecyclestage, customer_status } = properties;
  const told = StatusValue.safeParse(customer_status);
  const byStage = STAGES_OF_CUSTOMERS.includes(lifecyclestage) ? 'active' : 'lead';
  return {
    customerId: id,
    name: [firstname, lastname].filter(Boolean).join(' '),
    company: company || null,
    email,
    status: told.success ? told.data : byStage,
  };
}

/** An id becomes part of an address, and so may be nothing else. */
function contactId(customerId: string): string {
  if (/^\d{1,20}$/.test(customerId)) return customerId;
  throw rejected('this is no id of a HubSpot contact');
}

function parsed<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw badAnswer(SYSTEM, result.error.issues[0]?.path.join('.') || '$');
}

const Said = z.object({ category: z.string().optional() }).catch({});

/** 423 is a lock for a moment, and 477 an account that is being moved; both have changed nothing. */
function explain({ status, body, retryAfterMs }: Refusal): Failed | undefined {
  const name = errorName(Said.parse(body).category);
  if (status === 429 || status === 477) return rateLimited(SYSTEM, retryAfterMs);
  if (status === 423) return unavailable(SYSTEM, { status, effect: 'none' });
  if (status === 401 || status === 403)
    return rejected('HubSpot does not let us in', { system: SYSTEM, status, ...name });
  if (status < 500) return rejected('HubSpot refused the request', { system: SYSTEM, status, ...name });
  return undefined;
}
