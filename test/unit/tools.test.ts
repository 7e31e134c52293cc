import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LineReader } from '../../activities/line-reader.ts';
import type { ToolInput } from '../../contracts/tool.ts';
import { generateDocument } from '../../contracts/tools/documents.ts';
import { type ToolName, tools } from '../../contracts/tools/index.ts';
import { ageOn } from '../../outside/registry.ts';
import { ownerAndSlots } from '../../tools/accounts/slots.ts';
import { findCustomer } from '../../tools/crm/customers.ts';
import { documentStore } from '../../tools/documents/adapter.ts';
import { renderDocument } from '../../tools/documents/pdf-adapter.ts';
import { asFailed } from '../../tools/trouble.ts';
import { folded, nameKey } from '../../tools/words.ts';
import { toolsCommand } from '../../workers/tool-settings.ts';
import { SAMPLES } from '../support/tool-calls.ts';

type Customer = Parameters<typeof findCustomer>[1][number];
const customer = (customerId: string, name: string, company: string | null, email: string): Customer => ({
  customerId,
  name,
  company,
  email,
  status: 'lead',
});

const CUSTOMERS = [
  customer('c1', 'Zoë Müller', null, 'zoe@mueller.example'),
  customer('c2', 'Łukasz Żak', 'Nordwind GmbH', 'l.zak@nordwind.example'),
  customer('c3', 'Sam Lee', 'Lee & Co', 'sam@lee.example'),
  customer('c4', 'Sam Lee', 'Harbour AG', 'sam@harbour.example'),
  customer('c5', 'Θεοδώρα Παππά', 'Nordwind GmbH', 'thea@nordwind.example'),
];

describe('the CRM finds', () => {
  test.each<[string, { names?: string[]; companies?: string[]; emails?: string[] }, string[]]>([
    ['a name in capitals, without accents and with many spaces', { names: ['  ZOE   MULLER '] }, ['c1']],
    ['a name in the other order', { names: ['Żak, Łukasz'] }, ['c2']],
    ['a name in plain letters', { names: ['Lukasz Zak'] }, ['c2']],
    ['a Greek name without its accents', { names: ['θεοδωρα παππα'] }, ['c5']],
    ['a name that two have', { names: ['Sam Lee'] }, ['c3', 'c4']],
    ['of two with a name the one with the company', { names: ['Sam Lee'], companies: ['harbour'] }, ['c4']],
    ['a name whose company we do not know', { names: ['Zoë Müller'], companies: ['Elsewhere'] }, ['c1']],
    ['everybody of a company', { companies: ['NORDWIND'] }, ['c2', 'c5']],
    ['an address, whatever name stands beside it', { names: ['Sam Lee'], emails: ['ZOE@mueller.example'] }, ['c1']],
    ['a name beside an address that we do not know', { names: ['Zoë Müller'], emails: ['new@else.example'] }, ['c1']],
    ['nobody by half a name', { names: ['Zoë'] }, []],
    ['nobody by nothing', {}, []],
    ['nobody by punctuation', { names: ['...'], companies: ['GmbH'] }, []],
  ])('%s', async (_what, asked, ids) => {
    const answer = await findCustomer({ requestId: 'r', names: [], companies: [], emails: [], ...asked }, CUSTOMERS);
    expect(answer.customer ? [answer.customer.customerId] : answer.candidates).toEqual(ids);
    expect(answer.found).toBe(ids.length === 1 ? 'one' : ids.length === 0 ? 'none' : 'several');
  });
});

test.each([
  ['  Straße ', 'strasse'],
  ['Åse  Bjørk', 'ase bjork'],
  ['ｆｕｌｌ', 'full'],
])('%s is compared as %s', (text, plain) => expect(folded(text)).toBe(plain));

test('a name without words is no name', () => expect(nameKey(' - ')).toBe(''));

describe('open slots', () => {
  const now = Date.parse('2026-11-26T23:30:00Z');
  test('are ten, ahead, on working days and by day', () => {
    const { openSlots } = ownerAndSlots('acc-1', now);
    expect(openSlots).toHaveLength(10);
    for (const slot of openSlots) {
      const date = new Date(slot);
      expect(date.getTime()).toBeGreaterThan(now + 24 * 3_600_000);
      expect([0, 6]).not.toContain(date.getUTCDay());
      expect(date.getUTCHours()).toBeGreaterThanOrEqual(8);
      expect(date.getUTCHours()).toBeLessThan(17);
    }
    expect([...openSlots].sort()).toEqual(openSlots);
  });
  test('are the same whenever they are computed for the same account and instant (PF-39)', () =>
    expect(ownerAndSlots('acc-1', now)).toEqual(ownerAndSlots('acc-1', now)));
});

describe('documents', () => {
  const call = generateDocument.input.parse(SAMPLES['documents.generate'].call('')) satisfies ToolInput<
    typeof generateDocument
  >;

  test('of the same words have the same bytes, those of others not (PF-39)', async () => {
    const [first, second, other] = await Promise.all([
      renderDocument(call),
      renderDocument(call),
      renderDocument({ ...call, customerName: 'Anna' }),
    ]);
    expect(first.bytes.equals(second.bytes)).toBe(true);
    expect(first.bytes.equals(other.bytes)).toBe(false);
  });

  test('of many words have many pages', async () => {
    const sections = Array.from({ length: 8 }, () => ({ heading: 'A long one', body: 'word '.repeat(300).trim() }));
    expect((await renderDocument({ ...call, sections })).pages).toBeGreaterThan(1);
  });

  test.each(['Żółć Ґанок', 'Θεοδώρα Παππά', 'Ⅷ “quoted” – ½ €', 'Nguyễn Thị Hoa', 'O’Brien & Søn'])(
    'can hold %s',
    async (customerName) => expect((await renderDocument({ ...call, customerName })).pages).toBe(1),
  );

  test('with letters that the font lacks are refused, never garbled', async () => {
    const failed = renderDocument({ ...call, customerName: '田中 太郎' });
    await expect(failed).rejects.toMatchObject({ failure: { type: 'ToolRejected', details: { missing: 4 } } });
  });

  test('leave pictures out', async () => {
    const [plain, festive] = ['Welcome aboard', 'Welcome 🎉👩‍💻 aboard'].map((body) =>
      renderDocument({ ...call, sections: [{ heading: 'Hi', body }] }),
    );
    expect((await festive)?.bytes).toEqual((await plain)?.bytes);
  });

  test('that were changed on disk are not handed out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'governor-documents-'));
    const store = documentStore(folder);
    const id = await store.put(Buffer.from('a document'));
    expect((await store.get(id)).toString()).toBe('a document');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(folder, 'documents', `${id}.pdf`), 'another');
    await expect(store.get(id)).rejects.toMatchObject({ failure: { type: 'BadAnswer' } });
    await expect(store.get('../../etc/passwd')).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
    await rm(folder, { recursive: true });
  });
});

test.each([
  ['1990-12-10', '2026-12-09T23:59:59Z', 35],
  ['1990-12-10', '2026-12-10T00:00:00Z', 36],
  ['2008-02-29', '2026-02-28T12:00:00Z', 17],
  ['2008-02-29', '2026-03-01T00:00:00Z', 18],
])('who was born on %s is on %s %i years old', (born, at, years) => expect(ageOn(born, Date.parse(at))).toBe(years));

describe('an unforeseen error', () => {
  test.each([
    [new Error('password=hunter2'), 'InternalError'],
    [Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode: 5 }), 'ToolUnavailable'],
    [Object.assign(new Error('no such table'), { code: 'ERR_SQLITE_ERROR', errcode: 1 }), 'InternalError'],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'ToolUnavailable'],
    [Object.assign(new Error('terminating'), { code: '57P01' }), 'ToolUnavailable'],
    ['a string', 'InternalError'],
  ])('%s is %s, and says nothing of itself', (error, type) => {
    const { failure } = asFailed(error, 'crm.lookup_customer');
    expect(failure.type).toBe(type);
    expect(JSON.stringify(failure)).not.toContain('hunter2');
  });
});

describe('lines of a child', () => {
  const message = (id: number, size: number) =>
    `{"result":{"text":"${'x'.repeat(size)}"},"jsonrpc":"2.0","id":${id}}\n`;
  test('are put together from pieces of any size', () => {
    const text = message(1, 20) + message(2, 40);
    for (const size of [1, 7, 1000]) {
      const reader = new LineReader(() => 1000);
      const lines =
        text.match(new RegExp(`[^]{1,${size}}`, 'g'))?.flatMap((piece) => reader.read(Buffer.from(piece))) ?? [];
      expect(lines.map((line) => line.kind === 'line' && `${line.text}\n`)).toEqual([message(1, 20), message(2, 40)]);
    }
  });
  test('that are too long for whoever asked are let go by their id, first or last', () => {
    const reader = new LineReader((id) => (id === 1 ? 50 : 5000));
    const early = `{"jsonrpc":"2.0","id":1,"result":{"text":"${'y'.repeat(100)}"}}\n`;
    expect(reader.read(Buffer.from(message(1, 100) + early + message(2, 100))).map((line) => line.kind)).toEqual([
      'too-long',
      'too-long',
      'line',
    ]);
  });
  test('cannot claim to be for another by what they say inside', () => {
    const reader = new LineReader((id) => (id === 1 ? 10 : 100_000));
    const lying = `{"result":{"text":"\\"id\\":1}"},"jsonrpc":"2.0","id":2}\n`;
    expect(reader.read(Buffer.from(lying)).map((line) => line.kind)).toEqual(['line']);
  });
  test('of any length are never kept whole', () => {
    const reader = new LineReader(() => 1000);
    for (let n = 0; n < 50; n += 1) reader.read(Buffer.alloc(1_000_000, 120));
    expect(reader.read(Buffer.from('\n'))).toEqual([{ kind: 'too-long', id: undefined }]);
  });
});

test('every tool has a sample call, and every sample is valid (TF-48)', () => {
  for (const name of Object.keys(tools) as ToolName[])
    expect(tools[name].input.safeParse(SAMPLES[name].call(`sha256-${'0'.repeat(64)}`)).success, name).toBe(true);
});

test('the settings of a child are for the eyes of their owner, and not on its command line', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-settings-'));
  const settings = {
    tools: {
      stateDir,
      databaseUrl: 'postgres://u:hunter2@h/d',
      identityRegistryUrl: 'http://127.0.0.1:1',
      smtpUrl: 'smtp://127.0.0.1:1',
      mailFrom: 'a@b.example',
      webhookUrl: 'http://127.0.0.1:1',
      webhookSecret: 'whsec_hunter2',
      outsideTimeoutMs: 1,
      leaseMs: 2,
    },
    http: { host: '127.0.0.1', port: 0 },
  };
  const { args } = toolsCommand(settings);
  expect(args.join(' ')).not.toContain('hunter2');
  const file = args.at(-1) ?? '';
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain('hunter2');
  await rm(stateDir, { recursive: true });
});
