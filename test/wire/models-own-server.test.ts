import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAnthropic } from '../../models/anthropic.ts';
import { usageAtBound } from '../../models/cost.ts';
import type { ModelRequest } from '../../models/model.ts';
import { createOpenAi } from '../../models/openai.ts';
import { ask } from '../../models/provider.ts';
import { ANSWER, modelRequest } from '../support/model-request.ts';
import { completion, message, response, rowOf, SCHEMA, said, TEXT, USAGE, WIRES } from '../support/wire-answers.ts';
import { breakOff, json, silence, stall, startWireServer, type WireServer } from '../support/wire-server.ts';

let server: WireServer;
let closedUrl: string;
beforeAll(async () => {
  server = await startWireServer();
  const gone = await startWireServer();
  closedUrl = gone.url;
  await gone.stop();
});
beforeEach(() => {
  server.bodies.length = 0;
  server.headers.length = 0;
});
afterAll(() => server.stop());

describe.each(WIRES)('$wire', ({ row, at, whole, untold, nonsense, sends }) => {
  const call = (change: Partial<ModelRequest> = {}, url = server.url) =>
    ask(at(url), row, modelRequest(change), Date.now);

  it('sends schema and limit, thinking included, and no setting that changes the price', async () => {
    server.answers(json(whole));
    await call();

    expect(server.bodies).toEqual([expect.objectContaining({ model: row.model, ...sends })]);
    for (const refused of ['temperature', 'top_p', 'tools']) expect(server.bodies[0]).not.toHaveProperty(refused);
  });

  it('books cached tokens apart from the others', async () => {
    server.answers(json(whole));

    expect((await call()).reply).toEqual({ kind: 'answered', value: ANSWER, usage: USAGE, ms: expect.any(Number) });
  });

  it.each([
    ['is not told', untold],
    ['makes no sense', nonsense],
  ])('books a usage that %s at its bound', async (_, body) => {
    server.answers(json(body));

    expect((await call()).reply).toMatchObject({ kind: 'answered', usage: usageAtBound(row, modelRequest()) });
  });

  it.each([
    ['a body that stalls', stall],
    ['silence', silence],
  ])('ends %s at the deadline, as perhaps charged', async (_, answerer) => {
    server.answers(answerer);
    const { reply, health } = await call({ timeoutMs: 150 });

    expect(reply).toMatchObject({
      kind: 'failed',
      failure: { type: 'ModelUnavailable', message: expect.stringContaining('in time') },
      charge: 'unknown',
    });
    expect(health).toBe('error');
    expect(reply.ms).toBeLessThan(1500);
  });

  it('ends at once when the caller cancels, and does not hold it against the model', async () => {
    server.answers(stall);
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 50);
    const { reply, health } = await call({ signal: caller.signal, timeoutMs: 5000 });

    expect(reply).toMatchObject({ kind: 'failed', charge: 'unknown' });
    expect(reply.ms).toBeLessThan(2000);
    expect(health).toBe('unrelated');
  });

  it('sends nothing where the caller had cancelled already', async () => {
    const { reply } = await call({ signal: AbortSignal.abort() });

    expect(reply).toMatchObject({ kind: 'failed', charge: 'free' });
    expect(server.bodies).toHaveLength(0);
  });

  it('sends nothing that is longer than the model takes at its price', async () => {
    const { reply } = await call({ user: 'x'.repeat((row.longContextAbove ?? row.contextTokens) + 1) });

    expect(reply).toMatchObject({ kind: 'failed', failure: { type: 'RequestTooLong' }, charge: 'free' });
    expect(server.bodies).toHaveLength(0);
  });

  it('books a connection that breaks off in the middle of the answer as perhaps charged', async () => {
    server.answers(breakOff);

    expect((await call()).reply).toMatchObject({
      kind: 'failed',
      failure: { type: 'ModelUnavailable' },
      charge: 'unknown',
    });
  });

  it('knows that a connection that never stood cost nothing', async () => {
    expect((await call({}, closedUrl)).reply).toMatchObject({
      kind: 'failed',
      failure: { message: expect.stringContaining('no connection') },
      charge: 'free',
    });
  });

  it('honours a Retry-After in milliseconds', async () => {
    server.answers(json({ error: { message: 'slow down' } }, 429, { 'retry-after-ms': '80' }));

    expect((await call()).reply).toMatchObject({ failure: { type: 'ModelRateLimited' }, retryAfterMs: 80 });
    expect(server.bodies).toHaveLength(1);
  });

  it.each([
    ['an error', { error: { message: 'oops' } }],
    ['nothing', null],
  ])('reads %s inside an answer of status 200 as a failure', async (_, body) => {
    server.answers(json(body));

    expect((await call()).reply).toMatchObject({
      kind: 'failed',
      failure: { type: 'ModelUnavailable' },
      charge: 'unknown',
    });
  });
});

describe('replies that only one provider gives', () => {
  const [anthropic, openai, chat] = WIRES;
  const refusal = { type: 'refusal', refusal: 'no' };

  it.each([
    [
      'anthropic refuses, with a category',
      anthropic,
      message({ stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'bio' }, content: [] }),
      { kind: 'refused', why: 'The model refused (bio).' },
    ],
    [
      'anthropic thinks before it answers',
      anthropic,
      message({
        content: [
          { type: 'thinking', thinking: '', signature: '' },
          { type: 'text', text: TEXT },
        ],
      }),
      { kind: 'answered', value: ANSWER },
    ],
    [
      'anthropic spends all on thinking',
      anthropic,
      message({ stop_reason: 'max_tokens', content: [{ type: 'thinking', thinking: '', signature: '' }] }),
      { kind: 'invalid', why: 'Your answer was cut off; it may have 200 tokens.' },
    ],
    ['openai refuses in a part of its answer', openai, response({ output: said(refusal) }), { kind: 'refused' }],
    [
      'openai filters the content',
      openai,
      response({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }),
      { kind: 'refused' },
    ],
    [
      'openai refuses the prompt inside a failed response',
      openai,
      response({ status: 'failed', error: { code: 'bio_policy', message: 'no' }, output: [] }),
      { kind: 'refused' },
    ],
    [
      'openai runs into the limit',
      openai,
      response({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
      { kind: 'invalid' },
    ],
    [
      'a compatible endpoint refuses',
      chat,
      completion({ message: { role: 'assistant', content: null, refusal: 'no' } }),
      { kind: 'refused' },
    ],
    [
      'a compatible endpoint says nothing',
      chat,
      completion({ message: { role: 'assistant', content: null } }),
      { kind: 'invalid' },
    ],
  ] as const)('%s', async (_, wire, body, expected) => {
    if (!wire) throw new Error('no such wire');
    server.answers(json(body));
    const { reply } = await ask(wire.at(server.url), wire.row, modelRequest(), Date.now);

    expect(reply).toMatchObject({ ...expected, usage: USAGE });
  });

  it.each([
    ['server_error', 'ModelUnavailable'],
    ['rate_limit_exceeded', 'ModelRateLimited'],
  ])('openai fails inside a response with %s', async (code, type) => {
    server.answers(json(response({ status: 'failed', error: { code, message: 'no' }, output: [] })));
    const { reply } = await ask(
      createOpenAi({ apiKey: 'k', baseUrl: server.url }),
      rowOf('gpt-6-luna'),
      modelRequest(),
      Date.now,
    );

    expect(reply).toMatchObject({ kind: 'failed', failure: { type }, charge: 'unknown' });
  });
});

describe('a forced tool, where a row asks for one', () => {
  const tool = 'paint-find_colour';
  const useOf = (name: string) => ({ type: 'tool_use', id: 't', name, input: ANSWER });
  const callOf = (name: string, text = TEXT) => ({ type: 'function_call', call_id: 'c', name, arguments: text });
  const claude = (model: string) =>
    ask(createAnthropic({ apiKey: 'k', baseUrl: server.url }), rowOf(model), modelRequest(), Date.now);
  const gpt = () =>
    ask(
      createOpenAi({ apiKey: 'k', baseUrl: server.url }),
      { ...rowOf('gpt-6-luna'), forcedTool: true },
      modelRequest(),
      Date.now,
    );

  it('anthropic: forces the agent’s one tool, alone and strictly, with thinking off where it is on by itself', async () => {
    server.answers(json(message({ stop_reason: 'tool_use', content: [useOf(tool)] })));
    const { reply } = await claude('claude-sonnet-5');

    expect(reply).toMatchObject({ kind: 'answered', value: ANSWER, usage: USAGE });
    expect(server.bodies[0]).toMatchObject({
      thinking: { type: 'disabled' },
      output_config: { effort: 'low' },
      tools: [{ name: tool, strict: true, input_schema: SCHEMA }],
      tool_choice: { type: 'tool', name: tool, disable_parallel_tool_use: true },
    });
    expect(server.bodies[0]).not.toHaveProperty('output_config.format');
  });

  it('openai: forces the agent’s one function', async () => {
    server.answers(json(response({ output: [callOf(tool)] })));
    const { reply } = await gpt();

    expect(reply).toMatchObject({ kind: 'answered', value: ANSWER, usage: USAGE });
    expect(server.bodies[0]).toMatchObject({
      tools: [{ name: tool, strict: true, parameters: SCHEMA }],
      tool_choice: { type: 'function', name: tool },
      parallel_tool_calls: false,
    });
  });

  it.each([
    ['another function', [callOf('paint-mix')]],
    ['two', [callOf(tool), callOf('paint-mix')]],
    ['one whose arguments are not JSON', [callOf(tool, '{"arguments":')]],
    ['none', []],
  ])('openai: calling %s is invalid, with its usage', async (_, output) => {
    server.answers(json(response({ output })));

    expect((await gpt()).reply).toMatchObject({ kind: 'invalid', usage: USAGE });
  });
});
