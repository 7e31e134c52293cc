import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ToolName, tools } from '../../contracts/tools/index.ts';
import type { Wanted } from '../../tools/crm/crm.ts';
import { findCustomer } from '../../tools/crm/customers.ts';
import type { CrmSettings } from '../../tools/settings.ts';
import { type FarCrm, type FarCustomer, says, withIds } from '../support/crm-far-side.ts';
import { HUBSPOT_TOKEN, hubSpotId, startHubSpot } from '../support/hubspot-server.ts';
import { SALESFORCE, salesforceId, soqlFits, startSalesforce } from '../support/salesforce-server.ts';
import { type Caller, directly, failureOf, overHttp, overStdio } from '../support/tool-callers.ts';
import { startToolWorld, type ToolWorld } from '../support/tool-world.ts';

interface System {
  readonly start: (customers: readonly FarCustomer[], pageSize?: number) => Promise<FarCrm>;
  readonly settings: (url: string) => CrmSettings;
  readonly strange: (url: string) => CrmSettings;
  readonly idOf: (index: number) => string;
}

const SYSTEMS: readonly [string, System][] = [
  [
    'HubSpot',
    {
      start: startHubSpot,
      settings: (url) => ({ kind: 'hubspot', url, token: HUBSPOT_TOKEN }),
      strange: (url) => ({ kind: 'hubspot', url, token: 'somebody-else' }),
      idOf: hubSpotId,
    },
  ],
  [
    'Salesforce',
    {
      start: startSalesforce,
      settings: (url) => ({ kind: 'salesforce', url, ...SALESFORCE }),
      strange: (url) => ({ kind: 'salesforce', url, ...SALESFORCE, clientSecret: 'somebody-else' }),
      idOf: salesforceId,
    },
  ],
];

const PEOPLE: readonly [string, string | null, string, FarCustomer['status']][] = [
  ['Ada Byron', 'Analytical Engines Ltd', 'ada@engines.example', 'lead'],
  ['Zoë Müller-Łuczak', null, 'zoe@mueller.example', 'active'],
  ['Sam Lee', 'Lee & Co', 'sam@lee.example', 'lead'],
  ['Sam Lee', 'Harbour AG', 'sam.lee@harbour.example', 'closed'],
  ['Anneke van der Roosmalen', 'Roosmalen Bookbinders', 'anneke@bookbinders.example', 'lead'],
  ['Sukarnawati', null, 'sukarnawati@pulau.example', 'lead'],
  ["Siobhán O'Leary", "O'Leary & Sons 100%", 'siobhan@oleary.example', 'lead'],
];
const peopleOf = ({ idOf }: System): FarCustomer[] =>
  PEOPLE.map(([name, company, email, status], index) => ({ customerId: idOf(index), name, company, email, status }));

const wanted = (asked: Partial<Wanted>): Wanted => ({
  requestId: 'req-1',
  names: [],
  companies: [],
  emails: [],
  ...asked,
});

const ASKED: readonly [string, Partial<Wanted>][] = [
  ['an address in capitals', { emails: ['ADA@engines.example'] }],
  ['a name in the other order', { names: ['byron,  ADA'] }],
  ['a name with marks', { names: ['zoë müller-łuczak'] }],
  ['a name of four words', { names: ['Anneke van der Roosmalen'] }],
  ['a name of one word', { names: ['sukarnawati'] }],
  ['a name that two have', { names: ['Sam Lee'] }],
  ['of two with a name the one of the company', { names: ['Sam Lee'], companies: ['Harbour'] }],
  ['a company without its legal form', { companies: ['analytical engines'] }],
  ['a name with a quotation mark', { names: ["Siobhán O'Leary"] }],
  ['a company with a quotation mark and a sign', { companies: ["O'Leary & Sons 100%"] }],
  ['an address of nobody beside a name', { names: ['Ada Byron'], emails: ['new@else.example'] }],
  ['nobody', { names: ['Nobody Atall'], companies: ['Nowhere'], emails: ['no@body.example'] }],
  ['nothing', {}],
  ['many at once', { names: ['A B', 'C D', 'E F', 'Ada Byron', 'Sam Lee'], companies: ['Nord', 'Sud', 'Harbour'] }],
  [
    'a name that would be a question of its own',
    { names: ["x') OR (Email LIKE '%", "Byron\\' OR LastName IN ('Lee"], companies: ["%' OR Email LIKE '%"] },
  ],
];

describe.each(SYSTEMS)('customers who are in %s', (name, system) => {
  let far: FarCrm;
  let toolWorld: ToolWorld;
  let caller: Caller;
  const call = (tool: ToolName, args: Record<string, unknown>, key = `key-${Math.random()}`) =>
    caller.call(tool, { ...tools[tool], guarded: [], outgoing: [] }, args, key);
  const look = (asked: Partial<Wanted>, key?: string) => call('crm.lookup_customer', wanted(asked), key);
  const update = (status: string, key?: string, id = system.idOf(0)) =>
    call('crm.update_customer', { customerId: id, status }, key);

  beforeEach(async () => {
    far = await system.start(peopleOf(system));
    toolWorld = await startToolWorld([], { crm: system.settings(far.url) });
    caller = await directly(toolWorld);
  });
  afterEach(async () => {
    await caller.stop();
    await toolWorld.stop();
    await far.stop();
  });

  test.each(ASKED)('%s: the answer is that of our own database (WS-70)', async (_what, asked) => {
    const { answer } = await look(asked);
    expect(answer).toEqual(await findCustomer(wanted(asked), peopleOf(system)));
  });

  test('all pages are read', async () => {
    const many = Array.from({ length: 7 }, (_, index) => ({
      ...peopleOf(system)[2],
      customerId: system.idOf(50 + index),
    }));
    for (const one of many) far.records.set(one.customerId, one as FarCustomer);
    const { answer } = await look({ names: ['Sam Lee'] });
    expect(answer['candidates']).toHaveLength(9);
    expect(far.asked.filter((request) => /search|query/.test(request)).length).toBeGreaterThanOrEqual(5);
  });

  test('pages without an end are no answer, and so is nobody who is one of thousands', async () => {
    for (let index = 0; index < 200; index++)
      far.records.set(system.idOf(100 + index), {
        ...peopleOf(system)[2],
        customerId: system.idOf(100 + index),
      } as FarCustomer);
    expect((await failureOf(look({ names: ['Sam Lee'] }))).failure.type).toBe('AnswerTooLarge');
  });

  test('a status is written, and written once under a key (PF-39, WS-70)', async () => {
    expect((await update('active', 'k')).answer).toEqual({ customerId: system.idOf(0), status: 'active' });
    expect((await update('active', 'k')).replayed).toBe(true);
    expect(far.asked.filter((request) => request.startsWith('PATCH'))).toHaveLength(1);
    expect((await look({ names: ['Ada Byron'] })).answer).toMatchObject({ found: 'one' });
  });

  test('nobody there by this id, or an id that is a way to somewhere else, is refused', async () => {
    expect((await failureOf(update('active', 'k1', system.idOf(99_000)))).failure.type).toBe('ToolRejected');
    const before = far.asked.length;
    for (const id of ['../contacts', '1/../2', 'a?b=c', ''])
      expect((await failureOf(update('active', `k-${id}`, id))).failure.type).toBe('ToolRejected');
    expect(far.asked.length).toBe(before);
  });

  test.each<[string, Parameters<FarCrm['misbehave']>, string, Record<string, unknown>]>([
    ['a server that is down', [says(503, 'gone')], 'ToolUnavailable', { status: 503 }],
    ['429', [says(429, { status: 'error' }, { 'retry-after': '7' })], 'ToolRateLimited', {}],
    ['no right to read', [says(403, [{ errorCode: 'INSUFFICIENT_ACCESS' }])], 'ToolRejected', { status: 403 }],
    ['no JSON', [says(200, '<html>')], 'BadAnswer', { field: '$' }],
    ['JSON that ends early', [says(200, '{"results": [')], 'BadAnswer', { field: '$' }],
    ['other fields', [says(200, { rows: [] })], 'BadAnswer', {}],
    ['an error in a success', [says(200, { status: 'error', message: 'ada@engines.example' })], 'ErrorInAnswer', {}],
    ['a list of errors in a success', [says(200, [{ errorCode: 'X', message: 'Ada' }])], 'ErrorInAnswer', {}],
    ['a redirect', [says(302, '', { location: 'https://elsewhere.example' })], 'ToolUnavailable', {}],
    ['a wall of bytes', [says(200, 'x'.repeat(3_000_000))], 'AnswerTooLarge', {}],
    ['silence', [() => undefined], 'ToolUnavailable', {}],
  ])('%s is told as what it is, and mended by asking again', async (_what, misbehaviour, type, details) => {
    far.misbehave(...misbehaviour);
    const failed = await failureOf(look({ names: ['Ada Byron'] }, 'k'));
    expect(failed.failure).toMatchObject({ type, details: { system: `crm (${name})`, ...details } });
    expect(JSON.stringify(failed.failure)).not.toMatch(/Ada|engines|elsewhere/);
    if (type === 'ToolRateLimited') expect(failed.retryAfterMs).toBe(7000);
    expect((await look({ names: ['Ada Byron'] }, 'k')).answer).toMatchObject({ found: 'one' });
  });

  test('an update that failed is made again under its key, and is there (PF-46)', async () => {
    for (const wrong of [says(429, {}), says(500, ''), says(200, { error: 'no' }), says(200, '{')]) {
      far.misbehave(wrong);
      await failureOf(update('closed', 'again'));
    }
    expect((await update('closed', 'again')).replayed).toBe(false);
    expect(far.records.get(system.idOf(0))?.status).toBe('closed');
  });

  test('strangers are not let in, and a secret stands in no failure', async () => {
    await caller.stop();
    caller = await directly({ ...toolWorld, settings: { ...toolWorld.settings, crm: system.strange(far.url) } });
    const { failure } = await failureOf(look({ names: ['Ada Byron'] }));
    expect(failure).toMatchObject({ type: 'ToolRejected', details: { system: `crm (${name})` } });
    expect(JSON.stringify(failure)).not.toContain('somebody-else');
  });

  test('terms are those of our books, with the status of the record (WS-70)', async () => {
    const books = await startToolWorld([], { crm: system.settings(far.url) });
    await caller.stop();
    caller = await directly({ ...books, world: withIds(books.world, system.idOf) });
    const terms = async (key: string) =>
      (await call('crm.get_customer_data', { customer_id: system.idOf(0) }, key)).answer;
    expect(await terms('run-1')).toMatchObject({ terms: { status: 'lead', currency: 'EUR' } });
    await update('closed');
    expect(await terms('run-1')).toMatchObject({ terms: { status: 'lead' } });
    expect(await terms('run-2')).toMatchObject({ terms: { status: 'closed', currency: 'EUR' } });
    far.records.delete(system.idOf(0));
    expect(await terms('run-3')).toMatchObject({ customer_id: system.idOf(0), terms: null });
    await books.stop();
  });
});

describe.each([
  ['over stdio', overStdio],
  ['over HTTP', overHttp],
] as const)('called %s', (_way, start) => {
  test.each(SYSTEMS)('%s answers as directly (WS-70)', async (_name, system) => {
    const far = await system.start(peopleOf(system));
    const toolWorld = await startToolWorld([], { crm: system.settings(far.url) });
    const caller = await start(toolWorld);
    const tool = { ...tools['crm.lookup_customer'], guarded: [], outgoing: [] };
    const asked = wanted({ names: ['Ada Byron'] });
    const { answer } = await caller.call('crm.lookup_customer', tool, asked, 'k');
    expect(answer).toEqual(await findCustomer(asked, peopleOf(system)));
    await caller.stop();
    await toolWorld.stop();
    await far.stop();
  });
});

describe('Salesforce', () => {
  const limited = [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }];
  const system = SYSTEMS[1]?.[1] as System;

  const started = async () => {
    const far = await startSalesforce(peopleOf(system));
    const toolWorld = await startToolWorld([], { crm: system.settings(far.url) });
    const caller = await directly(toolWorld);
    const look = (key: string) =>
      caller.call('crm.lookup_customer', tools['crm.lookup_customer'] as never, wanted({ names: ['Ada Byron'] }), key);
    const stop = async () => {
      await caller.stop();
      await toolWorld.stop();
      await far.stop();
    };
    return { far, look, stop };
  };

  test('an org that has no requests left asks us to wait, though it says 403', async () => {
    const { far, look, stop } = await started();
    far.misbehave(says(403, limited));
    expect((await failureOf(look('k'))).failure.type).toBe('ToolRateLimited');
    expect((await look('k')).answer).toMatchObject({ found: 'one' });
    await stop();
  });

  test('a session that has run out is renewed once, in the same call', async () => {
    const { far, look, stop } = await started();
    await look('k1');
    far.endSessions();
    expect((await look('k2')).answer).toMatchObject({ found: 'one' });
    const signIns = () => far.asked.filter((request) => request.includes('oauth2')).length;
    expect(signIns()).toBe(2);
    const over = says(401, [{ errorCode: 'INVALID_SESSION_ID' }]);
    far.misbehave(over, over);
    expect((await failureOf(look('k3'))).failure).toMatchObject({ type: 'ToolRejected', details: { status: 401 } });
    expect(signIns()).toBe(3);
    await stop();
  });

  test('a next page that is somewhere else is not asked for', async () => {
    const { far, look, stop } = await started();
    const elsewhere = { totalSize: 9, done: false, records: [], nextRecordsUrl: 'https://evil.example/query/1' };
    far.misbehave(says(200, elsewhere));
    const { failure } = await failureOf(look('k'));
    expect(failure).toMatchObject({ type: 'BadAnswer', details: { field: 'nextRecordsUrl' } });
    await stop();
  });

  test('the local server takes a question for what it is', () => {
    const [ada] = peopleOf(system) as [FarCustomer];
    expect(soqlFits("Email IN ('a','ADA@engines.example')", ada)).toBe(true);
    expect(soqlFits("(FirstName IN ('ada') AND LastName IN ('lee'))", ada)).toBe(false);
    expect(() => soqlFits("LastName IN ('x') OR 1=1 OR ('", ada)).toThrow();
  });
});
