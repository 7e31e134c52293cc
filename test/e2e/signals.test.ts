import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GEN_AI_CONVENTIONS } from '../../telemetry/gen-ai.ts';
import { alertRules, metricsIn } from '../support/alert-rules.ts';
import { ALL_CANARIES, CANARY_CASES, canariesOf } from '../support/canaries.ts';
import type { Collected } from '../support/collector.ts';
import { exampleInput } from '../support/examples.ts';
import { startToldHouse, type ToldHouse } from '../support/told-house.ts';

/** Where the conventions would have what people and models wrote. */
const CONTENT = /^gen_ai\.(input|output|system_instructions|tool\.(call\.|definitions))/;

/** The verbs, and what carries them from process to process, as every case has them. */
const EVERYWHERE = [
  /^api cases\.start$/,
  /^start /,
  /^case /,
  /^step /,
  /^invoke_agent /,
  /^propose /,
  /^judge /,
  /^act /,
  /^tools\/call /,
  /^adapter /,
];

/** The real processes of one house, with a collector and Prometheus' pages beside them. */
describe('what the house tells of its cases', () => {
  let told: ToldHouse;
  const cases = new Map<string, string>();

  beforeAll(async () => {
    told = await startToldHouse();
    for (const [process, input] of Object.entries(CANARY_CASES)) cases.set(process, await told.begin(process, input()));
  }, 120_000);
  afterAll(() => told?.stop());

  const traceOf = (id: string): Collected[] => {
    const at = told.collector.spans.find(({ attributes }) => attributes['governor.case'] === id);
    return at ? told.collector.spans.filter(({ traceId }) => traceId === at.traceId) : [];
  };
  /** The canaries that the cases were given, as the server keeps their inputs. */
  async function inputs(): Promise<string[]> {
    const handles = [...cases.values()].map((id) => told.house.client.workflow.getHandle(id));
    const events = await Promise.all(handles.map(async (handle) => (await handle.fetchHistory()).events?.[0]));
    const texts = events.flatMap((event) => event?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []);
    const whole = texts.map(({ data }) => Buffer.from(data ?? []).toString()).join('\n');
    return ALL_CANARIES.filter((canary) => whole.includes(canary));
  }

  /** Spans of the case that hang in the air: but for the caller's own there are none, once all processes have told. */
  const orphans = (id: string): string[] => {
    const spans = traceOf(id);
    const ids = new Set(spans.map(({ spanId }) => spanId));
    return spans.filter(({ parentSpanId }) => !ids.has(parentSpanId)).map(({ name }) => name);
  };
  const servicesOf = (id: string) => [...new Set(traceOf(id).map(({ service }) => service))].sort();
  /** Each process sends what it has in its own time: the last call's end is there when the tools have told it. */
  const lastCalls = (id: string) => traceOf(id).filter(({ name }) => name === 'tools/call audit.append').length;
  const isWhole = (id: string) =>
    expect
      .poll(() => [orphans(id), servicesOf(id), lastCalls(id) > 0], { timeout: 20_000, interval: 200 })
      .toEqual([['api cases.start'], ['governor-api', 'governor-tools', 'governor-worker'], true]);

  it.each(Object.keys(CANARY_CASES))(
    'is one trace for %s, from the caller to the adapter (OB-96)',
    async (process) => {
      const id = cases.get(process) ?? '';
      await told.finish(id);
      await isWhole(id);
      const names = traceOf(id).map(({ name }) => name);
      expect(names).toContain(`case ${process}`);
      for (const wanted of EVERYWHERE)
        expect(
          names.filter((name) => wanted.test(name)),
          String(wanted),
        ).not.toEqual([]);
      expect(new Set(traceOf(id).map(({ service }) => service))).toEqual(
        new Set(['governor-api', 'governor-worker', 'governor-tools']),
      );
    },
    60_000,
  );

  it('goes from propose to the model, and from act to the tool, with the conventions’ attributes', () => {
    const spans = traceOf(cases.get('onboardCustomer') ?? '');
    const named = (name: string) => spans.find((span) => span.name === name);
    const parentOf = (span: Collected | undefined) => spans.find(({ spanId }) => spanId === span?.parentSpanId)?.name;
    const chat = spans.find(({ name }) => name.startsWith('chat '));
    expect(chat?.attributes).toMatchObject({ 'gen_ai.operation.name': 'chat', 'gen_ai.prompt.name': 'v1' });
    expect(Number(chat?.attributes['gen_ai.usage.output_tokens'])).toBeGreaterThan(0);
    expect(parentOf(chat)).toMatch(/^propose /);
    expect(parentOf(named('propose lookUpCustomer'))).toBe('invoke_agent lookUpCustomer');
    expect(parentOf(named('invoke_agent lookUpCustomer'))).toBe('step lookUpCustomer');
    expect(parentOf(named('adapter crm.lookup_customer'))).toBe('tools/call crm.lookup_customer');
    expect(parentOf(named('tools/call crm.lookup_customer'))).toBe('act crm.lookup_customer');
    expect(parentOf(named('judge lookUpCustomer'))).toBe('invoke_agent lookUpCustomer');
    expect(parentOf(named('step lookUpCustomer'))).toBe('case onboardCustomer');
    expect(parentOf(named('case onboardCustomer'))).toBe('start onboardCustomer');
  });

  it('names the conventions that it follows, and holds nothing that they call content', () => {
    const named = new Set(told.collector.bodies.flatMap((body) => body.match(/(?<="stringValue":")[^"]+-dev(?=")/g)));
    expect(named).toEqual(new Set([GEN_AI_CONVENTIONS]));
    const keys = new Set(told.collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...keys].filter((key) => key.startsWith('gen_ai.')).length).toBeGreaterThan(5);
    expect([...keys].filter((key) => CONTENT.test(key))).toEqual([]);
  });

  it('writes each decision down once, with its trace, in our own words (OB-93, OB-95)', async () => {
    const id = cases.get('onboardCustomer') ?? '';
    const lines = told.decisions().filter(({ caseId }) => caseId === id);
    const steps = traceOf(id).filter(({ name }) => name.startsWith('step '));
    expect(lines.map(({ step }) => step).sort()).toEqual(steps.map(({ name }) => name.replace('step ', '')).sort());
    for (const line of lines) {
      expect(line).toMatchObject({ kind: 'decision', traceId: steps[0]?.traceId, outcome: expect.any(String) });
      expect(line).toHaveProperty('costMicroUsd');
    }
    expect(lines.find(({ agent }) => agent === 'sendWelcomeEmail')).toMatchObject({ outcome: 'done' });
    const created = lines.find(({ agent }) => agent === 'lookUpCustomer');
    expect(created).toMatchObject({
      confidence: expect.any(Number),
      reasoning: expect.any(String),
      call: expect.any(Object),
    });
  });

  it('is the same money in the metrics as in the cases, to the micro-dollar (OB-94)', async () => {
    const { worker, tools, api } = await told.metrics();
    const booked = told.decisions().reduce((sum, { costMicroUsd }) => sum + Number(costMicroUsd), 0);
    const counted = [...worker.matchAll(/^governor_cost_micro_usd_total\{.*\} (\d+)/gm)].map(([, value]) =>
      Number(value),
    );
    expect(booked).toBeGreaterThan(0);
    expect(counted.reduce((sum, value) => sum + value, 0)).toBe(booked);
    expect(tools).toMatch(/governor_tool_calls_total\{tool="crm.lookup_customer",result="done"\} [1-9]/);
    expect(api).toMatch(/governor_api_calls_total\{operation="cases.start",status="201"\} [1-9]/);
  });

  it('leads from a sample to a trace, on the page of each process (OB-90)', async () => {
    const { worker, tools, api } = await told.metrics();
    const traces = new Set(told.collector.spans.map(({ traceId }) => traceId));
    const samples = {
      governor_cases_total: worker,
      governor_propose_seconds_bucket: worker,
      governor_effects_total: worker,
      governor_tool_calls_total: tools,
      governor_tool_seconds_bucket: tools,
      governor_api_seconds_bucket: api,
    };
    for (const [name, page] of Object.entries(samples)) {
      const found = [...page.matchAll(new RegExp(`^${name}\\{.*# \\{trace_id="([0-9a-f]{32})"\\}`, 'gm'))];
      expect(found.length, name).toBeGreaterThan(0);
      expect(found.filter(([, id = '']) => !traces.has(id)).length, name).toBe(0);
    }
  });

  it('has what the SDK measures in seconds, as the alerts ask for it (OB-90)', async () => {
    const { sdk } = await told.metrics();
    expect(sdk).not.toMatch(/milliseconds/);
    const once = /_failed_total$|_failure_total$/;
    const asked = new Set(alertRules().flatMap(({ expr }) => metricsIn(expr)));
    const ofTheSdk = [...asked].filter((name) => name.startsWith('temporal_') && !once.test(name));
    expect(ofTheSdk.length).toBeGreaterThan(2);
    expect(ofTheSdk.filter((name) => !sdk.includes(`\n${name}{`))).toEqual([]);
  });

  it('holds no canary of 25, in no log, trace, metric, id or search attribute (OB-93)', async () => {
    expect(ALL_CANARIES).toHaveLength(25);
    // At the wrong door as well: what is refused is not written down either.
    const wrong = {
      requestId: canariesOf('routeTicket'),
      message: 7,
      [canariesOf('placeOrder')]: canariesOf('approveExpense'),
    };
    expect((await told.call('application', 'POST', '/processes/onboardCustomer/cases', wrong)).status).toBe(400);
    const headers = { 'idempotency-key': randomUUID() };
    expect((await told.call('application', 'POST', '/processes/routeTicket/cases', wrong, headers)).status).toBe(422);
    const options = { taskQueue: 'governor', workflowId: `wrong-${randomUUID()}`, args: [wrong] };
    await expect(told.house.client.workflow.execute('onboardCustomer', options)).rejects.toThrow();
    const pages = Object.values(await told.metrics());
    const runs: string[] = [];
    for await (const run of told.house.client.workflow.list())
      runs.push(JSON.stringify([run.workflowId, run.runId, run.type, run.typedSearchAttributes.getAll()]));
    const places = {
      logs: told.logs(),
      decisions: JSON.stringify(told.decisions()),
      spans: told.collector.bodies.join('\n'),
      metrics: pages.join('\n'),
      runs: runs.join('\n'),
    };
    expect(places.runs).toMatch(/GovernorOutcome.*onboarded/);
    expect(await inputs()).toEqual(expect.arrayContaining(ALL_CANARIES));
    for (const [place, text] of Object.entries(places)) expect(text.length, place).toBeGreaterThan(100);
    const found = Object.entries(places).flatMap(([place, text]) =>
      ALL_CANARIES.filter((canary) => text.toLowerCase().includes(canary.toLowerCase())).map(
        (canary) => `${place}: ${canary}`,
      ),
    );
    expect(found).toEqual([]);
  });

  it('makes the house answer yes to all five questions of governor ready (RD-103)', async () => {
    const { exit, out } = await told.type('ready', '--json');
    const answers: { yes: boolean; evidence: string[] }[] = JSON.parse(out);
    expect(answers.filter(({ yes }) => !yes).flatMap(({ evidence }) => evidence)).toEqual([]);
    expect(answers).toHaveLength(5);
    expect(exit).toBe(0);
  });

  it('is the same trace when another worker goes on after people have been asked (OB-97)', async () => {
    const id = await told.begin('onboardCustomer', exampleInput('no-match'));
    await expect
      .poll(() => told.waitsFor(id).catch(() => undefined), { timeout: 20_000 })
      .toMatchObject({ kind: 'finding' });
    const before = told.house.worker.pid;
    await told.house.startWorker();
    await told.house.worker.stop();
    await told.finish(id);
    await isWhole(id);
    const spans = traceOf(id);
    const workers = new Set(spans.filter(({ service }) => service === 'governor-worker').map(({ pid }) => pid));
    expect(workers).toContain(before);
    expect(workers.size).toBe(2);
    expect(spans.find(({ name }) => name === 'ask finding')?.attributes).toMatchObject({
      'governor.kind': 'finding',
      'governor.via': 'update',
      'governor.identity': 'signed',
    });
  }, 60_000);
});

describe('what a house with payload keys tells', () => {
  it('is one trace a case as well, which the server cannot follow (OB-96)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'governor-told-keys-'));
    const file = join(folder, 'keys.json');
    writeFileSync(file, JSON.stringify({ encode: 'one', keys: { one: randomBytes(32).toString('base64') }, lost: [] }));
    const told = await startToldHouse({ PAYLOAD_KEYS_FILE: file });
    try {
      const headers = { 'idempotency-key': randomUUID() };
      const input = exampleInput('ticket-clean', 'tickets');
      const { said } = await told.call('application', 'POST', '/processes/routeTicket/cases', input, headers);
      await told.house.client.workflow.getHandle(String(said['case'])).result();
      const spans = () => told.collector.spans.filter(({ attributes }) => attributes['governor.case'] === said['case']);
      await expect.poll(() => spans().some(({ name }) => name === 'case routeTicket'), { timeout: 10_000 }).toBe(true);
      const [{ traceId } = { traceId: '' }] = spans();
      const services = () =>
        new Set(told.collector.spans.filter((span) => span.traceId === traceId).map(({ service }) => service));
      await expect
        .poll(services, { timeout: 10_000 })
        .toEqual(new Set(['governor-api', 'governor-worker', 'governor-tools']));
    } finally {
      await told.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
