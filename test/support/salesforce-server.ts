/** Salesforce's REST interface for contacts, as its reference describes it: sign-in, SOQL with pages, read, update. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { answer, serve } from '../../outside/part.ts';
import { type FarCrm, type FarCustomer, splitName } from './crm-far-side.ts';

export const SALESFORCE = { clientId: 'client-for-tests', clientSecret: 'secret-for-tests' };
export const salesforceId = (index: number): string => `003TEST${String(index).padStart(8, '0')}`;

export interface FarSalesforce extends FarCrm {
  /** The tokens given so far are good no longer. */
  endSessions(): void;
}

const Update = z.strictObject({ Customer_Status__c: z.enum(['lead', 'active', 'closed']) });
const error = (errorCode: string, message: string) => [{ message, errorCode, fields: [] }];
const SELECT =
  /^SELECT Id, FirstName, LastName, Email, Account\.Name, Customer_Status__c FROM Contact WHERE (?<conditions>.+)$/u;

export async function startSalesforce(customers: readonly FarCustomer[], pageSize = 2): Promise<FarSalesforce> {
  const records = new Map(customers.map((customer) => [customer.customerId, { ...customer }]));
  const asked: string[] = [];
  const misbehaviours: ((response: ServerResponse) => void)[] = [];
  const cursors = new Map<string, readonly FarCustomer[]>();
  let session = 1;

  const route = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://far.example');
    const body = await text(request);
    asked.push(`${request.method} ${pathname}`);
    if (pathname === '/services/oauth2/token') return signIn(response, new URLSearchParams(body));
    const misbehave = misbehaviours.shift();
    if (misbehave) return misbehave(response);
    if (request.headers.authorization !== `Bearer session-${session}`)
      return answer(response, 401, error('INVALID_SESSION_ID', 'Session expired or invalid'));
    const [, , , , resource, ...rest] = pathname.split('/');
    if (resource === 'query') return query(response, searchParams.get('q'), rest[0]);
    return one(response, records.get(rest[1] ?? ''), request.method === 'PATCH' ? body : undefined);
  };

  const one = (response: ServerResponse, record: FarCustomer | undefined, change: string | undefined) => {
    if (!record) return answer(response, 404, error('NOT_FOUND', 'The requested resource does not exist'));
    if (change === undefined) return answer(response, 200, recordOf(record));
    const update = Update.safeParse(JSON.parse(change));
    if (!update.success) return answer(response, 400, error('INVALID_FIELD', 'No such column'));
    record.status = update.data.Customer_Status__c;
    response.writeHead(204).end();
  };

  const signIn = (response: ServerResponse, form: URLSearchParams) => {
    const known =
      form.get('client_id') === SALESFORCE.clientId && form.get('client_secret') === SALESFORCE.clientSecret;
    if (!known || form.get('grant_type') !== 'client_credentials')
      return answer(response, 400, { error: 'invalid_client', error_description: 'invalid client credentials' });
    answer(response, 200, {
      access_token: `session-${session}`,
      instance_url: 'https://elsewhere.example',
      token_type: 'Bearer',
    });
  };

  const query = (response: ServerResponse, soql: string | null, cursor: string | undefined) => {
    const conditions = SELECT.exec(soql ?? '')?.groups?.['conditions'];
    if (!cursor && conditions === undefined) return answer(response, 400, error('MALFORMED_QUERY', 'unexpected token'));
    const left = cursor
      ? (cursors.get(cursor) ?? [])
      : [...records.values()].filter((record) => soqlFits(conditions ?? '', record));
    const next = `01gTEST-${cursors.size + 1}`;
    const done = left.length <= pageSize;
    if (!done) cursors.set(next, left.slice(pageSize));
    const more = done ? {} : { nextRecordsUrl: `/services/data/v64.0/query/${next}` };
    answer(response, 200, { totalSize: left.length, done, ...more, records: left.slice(0, pageSize).map(recordOf) });
  };

  const { url, stop } = await serve({ host: '127.0.0.1', port: 0 }, route);
  const endSessions = (): void => {
    session += 1;
  };
  return { url, records, asked, stop, endSessions, misbehave: (...next) => void misbehaviours.push(...next) };
}

const STRING = String.raw`'(?:[^'\\]|\\.)*'`;
const CONDITION = new RegExp(
  String.raw`(?<field>[\w.]+) (?:IN \((?<list>${STRING}(?:,${STRING})*)\)|LIKE (?<like>${STRING}))`,
  'gu',
);

/** Conditions joined by OR, pairs in brackets joined by AND; anything else is refused by answering nobody. */
export function soqlFits(conditions: string, record: FarCustomer): boolean {
  const judged = conditions.replace(CONDITION, (...match) => {
    const { field, list, like } = match.at(-1) as { field: string; list?: string; like?: string };
    const value = (fieldsOf(record)[field] ?? '').toLowerCase();
    const words = [...(list ?? like ?? '').matchAll(new RegExp(STRING, 'gu'))].map(([word]) => unquoted(word));
    return String(list ? words.includes(value) : value.includes((words[0] ?? '').replaceAll('%', '')));
  });
  const groups = judged.split(' OR ').map((group) => group.replace(/^\((.*)\)$/, '$1').split(' AND '));
  if (!groups.flat().every((word) => word === 'true' || word === 'false')) throw new Error(`No SOQL: ${judged}`);
  return groups.some((group) => group.every((word) => word === 'true'));
}

const unquoted = (literal: string): string => literal.slice(1, -1).replace(/\\(.)/gu, '$1').toLowerCase();

function fieldsOf({ name, company, email, status }: FarCustomer): Record<string, string | null> {
  const { first, last } = splitName(name);
  return {
    FirstName: first || null,
    LastName: last,
    Email: email,
    'Account.Name': company,
    Customer_Status__c: status,
  };
}

function recordOf(record: FarCustomer): Record<string, unknown> {
  const { 'Account.Name': company, ...fields } = fieldsOf(record);
  const url = `/services/data/v64.0/sobjects/Contact/${record.customerId}`;
  return {
    attributes: { type: 'Contact', url },
    Id: record.customerId,
    ...fields,
    Account: company ? { attributes: { type: 'Account' }, Name: company } : null,
  };
}
