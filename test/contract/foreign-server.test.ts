import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToolClient } from '../../activities/tool-client.ts';
import type { FailureType } from '../../contracts/failures.ts';
import { type ToolName, tools } from '../../contracts/tools/index.ts';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { ForeignTools } from '../../tools/foreign/map.ts';
import { type ForeignServers, withForeignTools } from '../../tools/foreign/offered.ts';
import type { Offered } from '../../tools/offer.ts';
import { openForeignServers, readForeignTools } from '../../workers/foreign-servers.ts';
import { toolsCommand } from '../../workers/tool-settings.ts';
import { failureOf } from '../support/tool-callers.ts';
import { oldServer, swappable } from '../support/tool-servers.ts';
import { startToolWorld, type ToolWorld } from '../support/tool-world.ts';

/** A public server of somebody else, as its package has it. */
const FILESYSTEM = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/server-filesystem/package.json')),
  'dist',
  'index.js',
);
const ADA = {
  customerId: 'cus-7',
  name: 'Ada Byron',
  company: null,
  email: 'ada@engines.example',
  status: 'lead',
};
const LARGE = 'x'.repeat(300_000);

const wanted = (email: string) => ({ requestId: 'req-1', names: [], companies: [], emails: [email] });
const meta = (key: string) => ({ key, signal: AbortSignal.timeout(20_000) });

/** Customers are files, one for each address, and a status is a file too. */
const mapOf = (folder: string, lookUp: object = {}, update: object = {}): unknown => ({
  servers: { files: { command: process.execPath, args: [FILESYSTEM, folder] } },
  tools: {
    'crm.lookup_customer': {
      server: 'files',
      tool: 'read_text_file',
      arguments: { path: { argument: 'emails.0', prefix: `${folder}/`, suffix: '.json' } },
      json: 'content',
      answer: {
        requestId: { argument: 'requestId' },
        found: { value: 'one' },
        customer: { answer: '' },
        candidates: { value: [] },
      },
      ...lookUp,
    },
    'crm.update_customer': {
      server: 'files',
      tool: 'write_file',
      arguments: {
        path: { argument: 'customerId', prefix: `${folder}/`, suffix: '.status' },
        content: { argument: 'status' },
      },
      answer: { customerId: { argument: 'customerId' }, status: { argument: 'status' } },
      ...update,
    },
  },
});

describe('a public server in the place of ours', () => {
  let folder: string;
  let toolWorld: ToolWorld;
  let database: Database;
  const open: ForeignServers[] = [];

  const withMap = (map: unknown, leaseMs = 1500): Record<ToolName, Offered> => {
    const foreign = ForeignTools.parse(map);
    const servers = openForeignServers(foreign.servers);
    open.push(servers);
    const settings = { ...toolWorld.settings, foreign, leaseMs, outsideTimeoutMs: 10_000 };
    return withForeignTools(createTools(database, settings), database, settings, servers);
  };
  let theirs: Record<ToolName, Offered>;
  const look = (email: string, key = email, offered = theirs) =>
    offered['crm.lookup_customer'].run(wanted(email), meta(key));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'governor-foreign-'));
    toolWorld = await startToolWorld();
    database = await openDatabase(toolWorld.settings);
    theirs = withMap(mapOf(folder));
    const files: Record<string, unknown> = {
      'ada@engines.example': ADA,
      'error@in.example': { error: 'no such customer', customer: ADA },
      'strange@in.example': { ...ADA, email: 'nobody' },
      'large@in.example': { ...ADA, name: LARGE },
    };
    for (const [name, content] of Object.entries(files))
      await writeFile(join(folder, `${name}.json`), JSON.stringify(content));
    await writeFile(join(folder, 'text@in.example.json'), 'Ada Byron, since 1990');
  });
  afterAll(async () => {
    await Promise.all(open.map((servers) => servers.close()));
    await database.destroy();
    await toolWorld.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('keeps our contract by a map, and the ledger holds for it too', async () => {
    const { answer } = await look('ada@engines.example', 'run-1');
    expect(answer).toEqual({ requestId: 'req-1', found: 'one', customer: ADA, candidates: [] });
    await writeFile(join(folder, 'ada@engines.example.json'), JSON.stringify({ ...ADA, status: 'active' }));
    expect(await look('ada@engines.example', 'run-1')).toMatchObject({ answer, replayed: true });
    expect((await look('ada@engines.example', 'run-2')).answer).toMatchObject({ customer: { status: 'active' } });
  });

  test.each<[string, string, FailureType, object]>([
    ['a refusal', 'nobody@at.example', 'ToolRejected', { server: 'files', theirs: 'read_text_file' }],
    ['an error in a success', 'error@in.example', 'ErrorInAnswer', { server: 'files' }],
    ['a text that is no JSON', 'text@in.example', 'BadAnswer', { field: 'content' }],
    ['a field that our contract does not take', 'strange@in.example', 'BadAnswer', { field: 'customer.email' }],
    ['more bytes than our contract allows', 'large@in.example', 'AnswerTooLarge', {}],
  ])('%s is told as what it is (TF-49)', async (_what, email, type, details) => {
    const { failure } = await failureOf(look(email));
    expect(failure).toMatchObject({ type, details });
    expect(JSON.stringify(failure)).not.toMatch(/ENOENT|no such customer|1990|governor-foreign/);
  });

  test('an error that a server writes into a successful text is one, by the map’s sign for it', async () => {
    const several = {
      tool: 'read_multiple_files',
      arguments: { paths: { value: [join(folder, 'ada@engines.example.json'), join(folder, 'gone.json')] } },
      json: undefined,
      answer: {
        requestId: { argument: 'requestId' },
        found: { value: 'none' },
        customer: { value: null },
        candidates: { value: [] },
      },
    };
    const blind = withMap(mapOf(folder, several));
    expect((await look('ada@engines.example', 'blind', blind)).answer).toMatchObject({ found: 'none' });
    const seeing = withMap(mapOf(folder, { ...several, errors: [{ at: 'content', contains: ': Error - ' }] }));
    expect((await failureOf(look('ada@engines.example', 'seeing', seeing))).failure.type).toBe('ErrorInAnswer');
  });

  test('a tool that it does not have is missing, and a server that does not start cannot be reached', async () => {
    const missing = withMap(mapOf(folder, { tool: 'read_minds' }));
    expect((await failureOf(look('ada@engines.example', 'missing', missing))).failure.type).toBe('ToolMissing');
    const gone = { ...(mapOf(folder) as object), servers: { files: { command: '/nowhere/at-all' } } };
    expect((await failureOf(look('ada@engines.example', 'gone', withMap(gone)))).failure).toMatchObject({
      type: 'ToolUnavailable',
      details: { effect: 'none' },
    });
  });

  test('a call that lacks what it needs is not made', async () => {
    const run = theirs['crm.lookup_customer'].run({ ...wanted('a@b.example'), emails: [] }, meta('lacking'));
    expect((await failureOf(run)).failure).toMatchObject({ type: 'ToolRejected', details: { argument: 'emails.0' } });
  });

  test('an effect happens once under its key', async () => {
    const update = (status: string, key: string) =>
      theirs['crm.update_customer'].run({ customerId: 'cus-7', status }, meta(key));
    expect(await update('active', 'k1')).toMatchObject({
      answer: { customerId: 'cus-7', status: 'active' },
      replayed: false,
    });
    await update('closed', 'k2');
    expect((await update('active', 'k1')).replayed).toBe(true);
    expect(await readFile(join(folder, 'cus-7.status'), 'utf8')).toBe('closed');
  });

  test('an effect that failed over there is in doubt, unless the map says that it may be done again', async () => {
    const outside = { arguments: { path: { value: '/not/allowed' }, content: { argument: 'status' } } };
    const call = { customerId: 'cus-7', status: 'lead' };
    const update = async (offered: Record<ToolName, Offered>, key: string) =>
      (await failureOf(offered['crm.update_customer'].run(call, meta(key)))).failure.type;
    const once = withMap(mapOf(folder, {}, outside), 1000);
    // A server takes its time to start, and the claim runs out meanwhile.
    await look('ada@engines.example', 'warm', once);
    expect(await update(once, 'doubt')).toBe('ToolUnavailable');
    expect(await update(once, 'doubt')).toBe('EffectInFlight');
    await new Promise((resolve) => setTimeout(resolve, 1050));
    expect(await update(once, 'doubt')).toBe('EffectUnknown');
    const again = withMap(mapOf(folder, {}, { ...outside, repeatable: true }));
    expect(await update(again, 'again')).toBe('ToolUnavailable');
    expect(await update(again, 'again')).toBe('ToolUnavailable');
  });

  test('is put in by one file, in the tools’ own process', async () => {
    const file = join(folder, 'foreign.json');
    await writeFile(file, JSON.stringify(mapOf(folder)));
    const settings = { ...toolWorld.settings, foreign: readForeignTools(file), outsideTimeoutMs: 10_000 };
    const client = createToolClient(toolsCommand({ tools: settings, http: { host: '127.0.0.1', port: 0 } }));
    // Two processes start, one in the other.
    const call = client.call(tools['crm.lookup_customer'], wanted('ada@engines.example'), {
      key: 'process',
      signal: AbortSignal.timeout(55_000),
      timeoutMs: 55_000,
    });
    expect((await call).answer).toMatchObject({ found: 'one', customer: { customerId: 'cus-7' } });
    await client.close();
  }, 60_000);

  test('over HTTP it gets its token, and what it says of itself is not believed', async () => {
    const seen: (string | undefined)[] = [];
    const answers = [
      { content: [], structuredContent: { customer: ADA }, _meta: { 'dev.governor/replayed': true } },
      { content: [], structuredContent: { success: false } },
      { content: [{ type: 'text' as const, text: JSON.stringify({ customer: ADA }) }] },
      { isError: true, content: [], _meta: { 'dev.governor/error': { type: 'EffectInFlight', retryable: true } } },
    ];
    const old = oldServer(['find'], async () => answers.shift() ?? { content: [] });
    const server = await swappable((request, response) => {
      seen.push(request.headers.authorization);
      return old(request, response);
    });
    await writeFile(join(folder, 'token'), 'let-me-in\n');
    const answer = { customer: { answer: 'customer' } };
    const lookUp = {
      tool: 'find',
      arguments: { who: { argument: 'emails' } },
      json: undefined,
      answer: { requestId: { argument: 'requestId' }, found: { value: 'one' }, candidates: { value: [] }, ...answer },
    };
    const map = mapOf(folder, lookUp) as object;
    const far = withMap({ ...map, servers: { files: { url: server.url, tokenFile: join(folder, 'token') } } });
    expect(await look('a@b.example', 'h1', far)).toMatchObject({ answer: { customer: ADA }, replayed: false });
    expect((await failureOf(look('a@b.example', 'h2', far))).failure.type).toBe('ErrorInAnswer');
    expect((await look('a@b.example', 'h3', far)).answer).toMatchObject({ customer: ADA });
    expect((await failureOf(look('a@b.example', 'h4', far))).failure.type).toBe('ToolRejected');
    expect(new Set(seen)).toEqual(new Set(['Bearer let-me-in']));
    await server.stop();
  });
});

describe('a map', () => {
  test('that does not keep a contract is refused, with every problem', () => {
    const broken = mapOf('/data', {
      server: 'elsewhere',
      arguments: { path: { argument: 'telephone' } },
      answer: { found: { value: 'one' }, extra: { value: 1 } },
    });
    const told = ForeignTools.safeParse(broken).error?.issues.map(
      ({ path, message }) => `${path.join('/')}: ${message}`,
    );
    expect(told).toEqual([
      'tools/crm.lookup_customer/server: no server is called elsewhere',
      'tools/crm.lookup_customer/answer: the contract promises requestId, which comes from nowhere',
      'tools/crm.lookup_customer/answer: the contract promises customer, which comes from nowhere',
      'tools/crm.lookup_customer/answer: the contract promises candidates, which comes from nowhere',
      'tools/crm.lookup_customer/answer/extra: the contract has no such field',
      'tools/crm.lookup_customer/arguments/path: the contract has no argument telephone',
    ]);
  });

  test('as docs/adapters.md shows one is taken', async () => {
    const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'adapters.md'), 'utf8');
    const [, shown = ''] = /```json\n(.*?)```/su.exec(page) ?? [];
    expect(ForeignTools.parse(JSON.parse(shown)).tools['crm.lookup_customer']?.server).toBe('files');
  });

  test('of a tool that nobody knows is refused', () => {
    expect(ForeignTools.safeParse({ servers: {}, tools: { 'crm.guess': {} } }).success).toBe(false);
  });
});
