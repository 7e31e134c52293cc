/**
 * Salesforce's REST interface as its public reference describes it (developer.salesforce.com, REST API Developer Guide:
 * "Query", "Query More Results", "sObject Rows", "Status Codes and Error Responses", and the OAuth 2.0 client credentials
 * flow). Written from that reference and held against a local server that behaves as it says; no org was at hand.
 *
 * A customer is a Contact, their company its Account. The status is the custom picklist `Customer_Status__c` (lead,
 * active, closed) on Contact, which an administrator adds once; empty, it is a lead.
 */
import { z } from 'zod';
import type { Failed } from '../../contracts/failures.ts';
import { badAnswer, rejected } from '../trouble.ts';
import { ask, change, type Exchange } from '../web-adapter.ts';
import type { Crm, Customer, Status, Wanted } from './crm.ts';
import { gathered, type Page, patienceFor, wasNotFound } from './gathering.ts';
import { explainSalesforce, type SignIn, salesforceSignIn } from './salesforce-sign-in.ts';
import { namePartsOf, packed, tellingWordOf, unique } from './search-words.ts';

export interface SalesforceSettings {
  /** The org's My Domain address. Tokens go nowhere else. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
  readonly leaseMs: number;
}

const SYSTEM = 'crm (Salesforce)';
const DATA = '/services/data/v64.0';
const SELECT = 'SELECT Id, FirstName, LastName, Email, Account.Name, Customer_Status__c FROM Contact WHERE ';
/** An address may have 16 KB with its headers, and a letter takes six bytes of that or three. */
const ROOM = 2200;
const MOST_CONDITIONS = 20;
const MAX_BYTES = 2_000_000;

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
const StatusField = z.enum(['lead', 'active', 'closed']).catch('lead');
const Contact = z.object({
  Id: z.string().regex(/^[A-Za-z0-9]{15,18}$/),
  FirstName: Text,
  LastName: Text,
  Email: Text,
  Account: z.object({ Name: Text }).nullish(),
  Customer_Status__c: StatusField,
});
const Found = z.object({
  done: z.boolean(),
  records: z.array(Contact),
  /** A path of this org, and of nowhere else. */
  nextRecordsUrl: z
    .string()
    .regex(/^\/services\/data\/v\d+\.\d\/query\/[\w-]+$/)
    .optional(),
});

type Send = (method: Exchange['method'], path: string, signal: AbortSignal, body?: object) => Promise<unknown>;

export function salesforceCrm(settings: SalesforceSettings): Crm {
  const { timeoutMs, leaseMs } = settings;
  const send = sending(settings, salesforceSignIn(SYSTEM, settings));
  const page = async (path: string, signal: AbortSignal): Promise<Page> => {
    const { records, done, nextRecordsUrl } = parsed(Found, await send('GET', path, signal));
    if (!done && nextRecordsUrl === undefined) throw badAnswer(SYSTEM, 'nextRecordsUrl');
    return { customers: records.map(asCustomer), next: done ? undefined : nextRecordsUrl };
  };

  return {
    candidates: (wanted, context) => {
      const signal = patienceFor(context, timeoutMs);
      const queries = packed(conditionsFor(wanted), MOST_CONDITIONS, ROOM, (condition) => condition.length).map(
        (conditions) => `${DATA}/query?q=${encodeURIComponent(SELECT + conditions.join(' OR '))}`,
      );
      return gathered(SYSTEM, queries, (query, next) => page(next ?? query, signal));
    },
    statusOf: async (customerId, context): Promise<Status | null> => {
      const path = `${DATA}/sobjects/Contact/${contactId(customerId)}?fields=Customer_Status__c`;
      try {
        const answer = await send('GET', path, patienceFor(context, timeoutMs));
        return parsed(Contact.pick({ Customer_Status__c: true }), answer).Customer_Status__c;
      } catch (error) {
        if (wasNotFound(error)) return null;
        throw error;
      }
    },
    update: {
      kind: 'outside',
      leaseMs,
      // The field has one value, however often it is told.
      repeatable: true,
      act: async ({ customerId, status }, context) => {
        const path = `${DATA}/sobjects/Contact/${contactId(customerId)}`;
        await send('PATCH', path, patienceFor(context, timeoutMs), { Customer_Status__c: status });
        return { customerId, status };
      },
    },
  };
}

/** Sends with the token we have, and once more with a fresh one where it has run out: nothing was done then. */
function sending({ url, timeoutMs }: SalesforceSettings, signIn: SignIn): Send {
  const once = async (token: string, ...[method, path, signal, body]: Parameters<Send>): Promise<unknown> => {
    const exchange: Exchange = {
      system: SYSTEM,
      method,
      url: `${url.replace(/\/$/, '')}${path}`,
      headers: { authorization: `Bearer ${token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
      timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
      explain: (refusal): Failed => explainSalesforce(SYSTEM, refusal),
    };
    return method === 'PATCH' ? change(exchange) : ask(exchange);
  };
  return async (...request) => {
    const signal = request[2];
    const token = await signIn.token(signal);
    try {
      return await once(token, ...request);
    } catch (error) {
      if (!signIn.hasRunOut(error)) throw error;
      signIn.forget(token);
      return once(await signIn.token(signal), ...request);
    }
  };
}

/** Whom a request may mean, in SOQL, which compares without case. */
function conditionsFor({ emails, names, companies }: Wanted): string[] {
  const oneOf = (field: string, words: readonly string[]): string =>
    `${field} IN (${unique(words)
      .map((word) => quoted(word))
      .join(',')})`;
  const byEmail = emails.length > 0 ? [oneOf('Email', emails)] : [];
  const byName = names
    .map(namePartsOf)
    .flatMap(({ parts, whole }) => [
      ...(parts.length > 0 ? [`(${oneOf('FirstName', parts)} AND ${oneOf('LastName', parts)})`] : []),
      ...(whole.length > 0 ? [oneOf('LastName', whole)] : []),
    ]);
  const byCompany = unique(companies.map((company) => tellingWordOf(company) ?? '')).map(
    (word) => `Account.Name LIKE ${holding(word)}`,
  );
  return [...byEmail, ...byName, ...byCompany];
}

/** A text in SOQL. What could end it is escaped, and what is no letter at all is left out. */
const quoted = (text: string): string => `'${printable(text).replace(/[\\']/g, '\\$&')}'`;

/** A text that holds this word; its own signs for "any letters" are escaped, once for LIKE. */
const holding = (word: string): string => `'%${printable(word).replace(/[\\'%_]/g, '\\$&')}%'`;

const printable = (text: string): string => text.replace(/\p{C}/gu, ' ');

function asCustomer({
  Id,
  FirstName,
  LastName,
  Email,
  Account,
  Customer_Status__c,
}: z.output<typeof Contact>): Customer {
  return {
    customerId: Id,
    name: [FirstName, LastName].filter(Boolean).join(' '),
    company: Account?.Name || null,
    email: Email,
    status: Customer_Status__c,
  };
}

/** An id becomes part of an address, and so may be nothing else. */
function contactId(customerId: string): string {
  if (/^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(customerId)) return customerId;
  throw rejected('this is no id of a Salesforce contact');
}

function parsed<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  throw badAnswer(SYSTEM, result.error.issues[0]?.path.join('.') || '$');
}
