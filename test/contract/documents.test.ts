import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ToolName, tools } from '../../contracts/tools/index.ts';
import { Paper } from '../../outside/paper.ts';
import { checkAgainst, fits } from '../../tools/approvals/check.ts';
import { differencesBetween } from '../../tools/approvals/differences.ts';
import { addPaper, readPaper } from '../../tools/approvals/papers.ts';
import { openDatabase } from '../../tools/database.ts';
import { INVOICE } from '../support/paper-calls.ts';
import { type Caller, directly, failureOf, overHttp } from '../support/tool-callers.ts';
import { startToolWorld, type ToolWorld } from '../support/tool-world.ts';

const xml = readFileSync(new URL('../support/invoice.xml', import.meta.url), 'utf8');
const CONTRACT = {
  number: 'C-5',
  title: 'Cleaning of the office',
  parties: ['Nordlicht GmbH', 'Our House'],
  startDate: '2026-04-01',
  clauses: [{ heading: '1', text: 'The office is cleaned on Fridays.' }],
};
const paper = (document: string, content: unknown, version = 1, author = 'lena') =>
  Paper.parse({ document, version, author, content });

const PAPERS = [
  paper('GOOD', INVOICE),
  paper('GOOD', { ...INVOICE, total: 120, lines: [{ description: 'Chairs', quantity: 3, total: 120 }] }, 2, 'olga'),
  paper('GROWN', { ...INVOICE, total: 119.5, notes: 'approved' }),
  paper('GROWN', { ...INVOICE, total: 119.5, notes: 'only seen' }, 2),
  paper('GROWN', { ...INVOICE, total: 119.5, notes: 'new' }, 3),
  paper('XML', xml),
  paper('LEASE', CONTRACT),
  paper('WRONG', { ...INVOICE, total: 1, currency: 'euro' }),
  paper('BROKEN', '{"number": '),
  paper('ENTITIES', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><invoice>&b;</invoice>'),
  paper('LARGE', JSON.stringify({ notes: 'x'.repeat(300_000) })),
  paper('DEEP', '['.repeat(60) + ']'.repeat(60)),
];

describe.each([
  ['directly', directly],
  ['over HTTP', overHttp],
] as const)('the approval desk, called %s (DA-27)', (_, start) => {
  let world: ToolWorld;
  let caller: Caller;
  let keys = 0;
  beforeAll(async () => {
    world = await startToolWorld();
    caller = await start({ ...world, world: { ...world.world, papers: PAPERS } });
  });
  afterAll(async () => {
    await caller.stop();
    await world.stop();
  });
  const call = (name: ToolName, args: Record<string, unknown>) => {
    keys += 1;
    return caller.call(name, { ...tools[name], guarded: tools[name].guarded, outgoing: [] }, args, `key-${keys}`);
  };
  const validate = async (doc_id: string, schema = 'invoice-1') =>
    (await call('documents.validate_document', { doc_id, schema })).answer;
  const route = (doc_id: string, approver_id: string) => call('documents.route_for_approval', { doc_id, approver_id });

  test.each([
    ['JSON', 'GOOD@1', 'invoice-1', { kind: 'invoice', number: 'R-77', currency: 'EUR', amountMinor: 11_950 }],
    ['the newest version', 'GOOD', 'invoice-1', { amountMinor: 12_000 }],
    [
      'XML with prefixes',
      'XML',
      'invoice-1',
      { kind: 'invoice', number: 'NW-2026-0815', currency: 'EUR', amountMinor: 523_600 },
    ],
    ['a contract without a value', 'LEASE', 'contract-1', { kind: 'contract', currency: null, amountMinor: null }],
  ])('finds %s valid, and says what approvals go by', async (_what, doc_id, schema, subject) => {
    expect(await validate(doc_id, schema)).toMatchObject({ valid: true, errors: [], subject });
  });

  test.each([
    [
      'a wrong field and a wrong sum',
      'WRONG',
      [{ path: '/currency', problem: expect.stringContaining('another form') }],
    ],
    ['no JSON', 'BROKEN', [{ path: '$', problem: 'is no JSON' }]],
    ['entities that could grow', 'ENTITIES', [{ path: '$', problem: expect.stringContaining('DOCTYPE') }]],
    ['too many bytes', 'LARGE', [{ path: '$', problem: expect.stringContaining('256000') }]],
    ['too many levels', 'DEEP', [{ path: '$', problem: expect.stringContaining('levels deep') }]],
  ])('finds %s invalid, in words that say what to do', async (_what, doc_id, errors) => {
    expect(await validate(doc_id)).toMatchObject({ valid: false, subject: null, errors });
  });

  test('says which schema a document looks made for', async () => {
    expect(await validate('LEASE')).toMatchObject({ valid: false, looksLike: 'contract-1' });
  });

  test('holds a document against a schema that the caller brings along', async () => {
    const schema = JSON.stringify({
      type: 'object',
      required: ['number', 'paid'],
      properties: { number: { $ref: '#/$defs/n' } },
      $defs: { n: { type: 'string' } },
    });
    expect(await validate('GOOD', schema)).toMatchObject({
      valid: false,
      subject: null,
      errors: [{ path: '$', problem: 'lacks paid' }],
    });
  });

  test.each([
    ['refers to another host', '{"$ref":"https://evil.example/schema.json"}'],
    ['refers to a file', '{"properties":{"a":{"$ref":"file:///etc/passwd"}}}'],
    ['could take for ever', '{"properties":{"number":{"pattern":"^(a+)+$"}}}'],
    ['is no schema', '{"type":"nonsense"}'],
    ['is none of the house', 'invoice-0'],
  ])('refuses a schema that %s', async (_what, schema) => {
    const { failure } = await failureOf(validate('GOOD', schema));
    expect(failure.type).toBe('ToolRejected');
    expect(JSON.stringify(failure)).not.toMatch(/evil|passwd/);
  });

  test.each(['NOBODY', 'GOOD@9'])('refuses %s, which is not in the store', async (doc_id) => {
    expect((await failureOf(validate(doc_id))).failure).toMatchObject({ type: 'ToolRejected', details: { doc_id } });
  });

  test.each(['WRONG', 'BROKEN', 'LARGE'])('cannot route %s, which is invalid (DA-28)', async (doc_id) => {
    const { failure } = await failureOf(route(doc_id, 'mia'));
    expect(failure).toMatchObject({ type: 'ToolRejected', details: { reason: expect.stringContaining('not valid') } });
  });

  test('routes to a person once, and never to whoever wrote it', async () => {
    expect((await route('GOOD@1', 'mia')).answer).toMatchObject({
      doc_id: 'GOOD@1',
      comparedWith: null,
      differences: [],
    });
    for (const [who, said] of [
      ['mia', 'already'],
      ['MIA', 'already'],
      ['lena', 'wrote'],
      ['Lena ', 'wrote'],
    ] as const) {
      const { failure } = await failureOf(route('GOOD@1', who));
      expect(failure).toMatchObject({ type: 'ToolRejected', details: { reason: expect.stringContaining(said) } });
    }
  });

  test('shows what differs from the version last approved, and not from one that was only seen since', async () => {
    const { hash } = (await route('GROWN@1', 'mia')).answer as { hash: string };
    const approvals = [{ approver_id: 'mia', at: '2026-03-02T10:00:00.000Z', digest: 'a'.repeat(64) }];
    await call('certificates.issue', { doc_id: 'GROWN@1', hash, policy: 'p', approvals });
    expect((await route('GROWN@2', 'mia')).answer).toMatchObject({ comparedWith: 'GROWN@1' });
    expect((await route('GROWN@3', 'mia')).answer).toMatchObject({
      comparedWith: 'GROWN@1',
      differences: ['/notes was "approved", is "new"'],
    });
  });

  test('shows what differs from what was seen last where nothing was approved yet', async () => {
    const second = (await route('GOOD@2', 'mia')).answer;
    expect(second).toMatchObject({ comparedWith: 'GOOD@1', wholeInView: true });
    expect(second['differences']).toEqual(
      expect.arrayContaining(['/total was 119.5, is 120', '/lines/0/quantity was 2, is 3']),
    );
    expect(second['view']).toContain('"total": 120');
  });

  test('certifies only the content that was approved, by people whom it was put before', async () => {
    const { hash } = (await validate('GOOD@2')) as { hash: string };
    const approval = { approver_id: 'mia', at: '2026-03-02T10:00:00.000Z', digest: 'a'.repeat(64) };
    const good = { doc_id: 'GOOD@2', hash, policy: 'p', approvals: [approval] };
    for (const [wrong, said] of [
      [{ ...good, hash: `sha256-${'0'.repeat(64)}` }, 'content'],
      [{ ...good, approvals: [{ ...approval, approver_id: 'eve' }] }, 'not put before'],
      [{ ...good, approvals: [approval, approval] }, 'twice'],
    ] as const) {
      const { failure } = await failureOf(call('certificates.issue', wrong));
      expect(failure).toMatchObject({ type: 'ToolRejected', details: { reason: expect.stringContaining(said) } });
    }
    expect((await call('certificates.issue', good)).answer).toMatchObject({ doc_id: 'GOOD@2', hash });
    expect((await failureOf(call('certificates.issue', good))).failure.details).toMatchObject({
      reason: expect.stringContaining('already'),
    });
  });
});

test.each([
  ['documents.validate_document', ['doc_id', 'schema'], 'read'],
  ['documents.route_for_approval', ['doc_id', 'approver_id'], 'effect'],
  ['documents.notify_stakeholders', ['doc_id', 'message'], 'effect'],
] as const)('%s takes exactly %j (DA-24, DA-25, DA-26)', (name, parameters, kind) => {
  expect(Object.keys(tools[name].input.shape)).toEqual(parameters);
  expect(tools[name]).toMatchObject({ name, kind, guarded: expect.arrayContaining(['doc_id']) });
});

test('a new version goes into the store, and one whose content was tampered with does not come out', async () => {
  const world = await startToolWorld();
  const database = await openDatabase(world.settings);
  const first = await addPaper(database, { document: 'NEW', author: 'lena', format: 'json', content: '{}' }, 1);
  const second = await addPaper(database, { document: 'NEW', author: 'olga', format: 'json', content: '{ }' }, 2);
  expect([first, second]).toEqual(['NEW@1', 'NEW@2']);
  expect(await readPaper(database, 'NEW')).toMatchObject({ docId: 'NEW@2', authors: ['lena', 'olga'] });
  await database.updateTable('paperContents').set({ content: '{"evil":true}' }).execute();
  expect((await failureOf(readPaper(database, 'NEW'))).failure).toMatchObject({
    type: 'BadAnswer',
    details: { field: 'hash' },
  });
  await database.destroy();
  await world.stop();
});

test.each([
  [119.5, 119.5, true],
  ['0.1 and 0.2', 0.3, true],
  ['more decimals than the currency has', 119.505, false],
  ['another sum', 119.4, false],
])('amounts are counted exactly: %s', (what, total, valid) => {
  const lines =
    what === '0.1 and 0.2'
      ? [
          { description: 'a', total: 0.1 },
          { description: 'b', total: 0.2 },
        ]
      : INVOICE.lines;
  const content = JSON.stringify({ ...INVOICE, total, lines });
  expect(checkAgainst('invoice-1', { format: 'json', content }).problems.length === 0).toBe(valid);
});

test('an XML invoice in our own form is one too, with one line or several', () => {
  const line = '<lines><description>a</description><total>5</total></lines>';
  const of = (lines: string, total: string) =>
    `<invoice><number>1</number><date>2026-01-31</date><supplier>S</supplier><currency>JPY</currency><total>${total}</total>${lines}</invoice>`;
  expect(fits({ format: 'xml', content: of(line, '5') })).toBe('invoice-1');
  expect(fits({ format: 'xml', content: of(line + line, '10') })).toBe('invoice-1');
  expect(fits({ format: 'xml', content: of(line, '5.5') })).toBeUndefined();
});

test('differences name what is new, gone and changed, also deep in a long text', () => {
  const long = 'word '.repeat(100);
  expect(differencesBetween({ a: 1, b: [1, 2], c: long }, { a: 2, b: [1], c: `${long}.`, d: null })).toEqual([
    '/a was 1, is 2',
    expect.stringMatching(/^\/c was .*503 characters|^\/c was/),
    '/d is new: null',
    '/b/1 is gone; it was 2',
  ]);
});
