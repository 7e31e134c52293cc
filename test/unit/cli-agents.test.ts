import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addAgentCommands } from '../../client/cli/agent-commands.ts';
import { tasksIn } from '../../client/cli/agent-tasks.ts';
import { typing } from '../support/typing.ts';

const folder = mkdtempSync(join(tmpdir(), 'governor-agents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let cases = 0;
/** A line of the decision log, of a case of its own where nothing else is said. */
const decision = (change: Record<string, unknown> = {}): Record<string, unknown> => {
  cases += 1;
  return {
    kind: 'decision',
    runId: `run-${cases}`,
    step: 'quotePrice',
    agent: 'quotePrice',
    process: 'placeOrder',
    outcome: 'done',
    model: 'haiku',
    prompt: 'v1 0123456789ab',
    confidence: 0.9,
    modelCalls: 1,
    costMicroUsd: 100,
    proposeMs: 200,
    answers: [],
    ...change,
  };
};
const lines = (decisions: readonly (Record<string, unknown> | string)[]): string[] =>
  decisions.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
async function* each(decisions: readonly (Record<string, unknown> | string)[]) {
  yield* lines(decisions);
}

describe('what agents cost and take, by model and prompt (MC-69)', () => {
  it('is told apart by agent, model and prompt, the dearest first', async () => {
    const tasks = await tasksIn(
      each([
        decision(),
        decision({ confidence: 0.7, modelCalls: 2, costMicroUsd: 300, answers: [{ verdict: 'retry' }] }),
        decision({ prompt: 'v2 0123456789ab', costMicroUsd: 900 }),
        decision({ model: 'stand-in', outcome: 'failed' }),
      ]),
    );
    expect(tasks.map(({ model, prompt, costMicroUsd }) => [model, prompt, costMicroUsd])).toEqual([
      ['haiku', 'v2', 900],
      ['haiku', 'v1', 400],
      ['stand-in', 'v1', 100],
    ]);
    expect(tasks[1]).toMatchObject({ decisions: 2, modelCalls: 3, confidence: 0.8, asked: 1, failed: 0 });
    expect(tasks[2]).toMatchObject({ decisions: 1, failed: 1 });
  });

  it('has the middle and the slow end of how long proposing took', async () => {
    const [task] = await tasksIn(each(Array.from({ length: 100 }, (_, at) => decision({ proposeMs: 100 - at }))));
    expect(task?.proposeMs).toEqual({ p50: 50, p95: 95 });
  });

  it('counts a decision once that is written twice, and passes over other lines and what no agent decided', async () => {
    const twice = decision();
    const other = decision({ process: 'routeTicket', agent: 'classifyTicket' });
    const people = decision({ agent: 'people' });
    const rest = ['not json "decision"', '', '{"kind":"decision"}', '{"msg":"the worker is ready"}'];
    const all = [twice, twice, other, people, ...rest];
    expect((await tasksIn(each(all))).map(({ agent, decisions }) => [agent, decisions])).toEqual([
      ['quotePrice', 1],
      ['classifyTicket', 1],
    ]);
    expect(await tasksIn(each(all), 'routeTicket')).toHaveLength(1);
  });
});

describe('governor agents', () => {
  const file = join(folder, 'decisions.jsonl');
  const say = (...words: string[]) =>
    typing([(program, terminal) => addAgentCommands(program, file, terminal)], ['agents', ...words]);

  it('shows each agent with its models in a table that fits a terminal', async () => {
    const busy = Array.from({ length: 8 }, () => decision({ answers: [{ verdict: 'go-on' }] }));
    writeFileSync(file, lines([...busy, decision({ model: 'none', confidence: undefined })]).join('\n'));
    const { exit, out } = await say();
    expect(exit).toBe(0);
    expect(out.split('\n')).toEqual([
      'agent and its models  done  calls  USD each  p50 s  p95 s  sure  ask %  fail %',
      'quotePrice',
      '· haiku v1            8     1.00   0.000100  0.2    0.2    0.90  100.0  0',
      '· none v1             1     1.00   0.000100  0.2    0.2          0      0',
      '',
    ]);
    const json = await say('--json', '--process', 'placeOrder');
    expect(JSON.parse(json.out)).toHaveLength(2);
  });

  it('says what is wrong where there is no log, or nothing in it', async () => {
    expect(await say(join(folder, 'nowhere'))).toMatchObject({
      exit: 2,
      err: expect.stringContaining('There is no decision log'),
    });
    expect(await say('--process', 'onboardCustomer')).toMatchObject({
      exit: 1,
      err: 'No agent has decided anything there.\n',
    });
  });
});
