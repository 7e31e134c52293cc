import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addCaseCommands } from '../../client/cli/case-commands.ts';
import type { CaseDesk, FoundCase } from '../../client/cli/case-desk.ts';
import type { CommandGroup } from '../../client/cli/run.ts';
import { addStartCommand, type WithCases } from '../../client/cli/start-commands.ts';
import { Refused } from '../../client/cli/words.ts';
import type { CaseEnd } from '../../client/index.ts';
import type { CaseStatus } from '../../contracts/messages.ts';
import { inputProblems, isStartable, PROCESS_INPUTS } from '../../contracts/process-inputs.ts';
import { exampleInput } from '../support/examples.ts';
import { fullRequest } from '../support/full-request.ts';
import { typing } from '../support/typing.ts';

const folder = mkdtempSync(join(tmpdir(), 'governor-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string): string => {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, text);
  return path;
};

const RUN = { workflowId: 'my-case', runId: '01a2' };
const FOUND: FoundCase = {
  ...RUN,
  process: 'onboardCustomer',
  state: 'RUNNING',
  startedAt: new Date('2026-11-23T07:00:00Z'),
  page: 'http://127.0.0.1:8233/namespaces/default/workflows/my-case/01a2/history',
};
const STATUS: CaseStatus = {
  process: 'onboardCustomer',
  stage: 'verifyIdentity',
  startedAt: '2026-11-23T07:00:00.000Z',
  deadline: '2026-11-23T07:10:00.000Z',
  release: 'r9-abc',
  policy: 'standard-1',
  budget: { capMicroUsd: 500_000, spentMicroUsd: 4120, reservedMicroUsd: 1000, calls: 2 },
  steps: [
    {
      agent: 'lookUpCustomer',
      step: 'lookUpCustomer',
      outcome: 'done',
      verdict: 'allowed',
      rule: 'policy',
      confidence: 0.97,
      model: 'claude-haiku-4-5',
      simulated: true,
      costMicroUsd: 1210,
      ms: 840,
    },
    {
      agent: 'verifyIdentity',
      step: 'verifyIdentity',
      outcome: 'rejected',
      verdict: 'needs-approval',
      rule: 'below-floor',
      simulated: false,
      costMicroUsd: 2910,
      ms: 7_500_000,
    },
  ],
  waiting: [],
};

interface World {
  readonly found?: FoundCase;
  /** One after the other, the last one for ever. */
  readonly statuses?: readonly (CaseStatus | undefined)[];
  /** Comes when so many statuses were read. */
  readonly end?: CaseEnd;
}

/** A desk without a server, and what was started at it. */
function fakeDesk({ found = FOUND, statuses = [STATUS], end = { outcome: 'onboarded' } }: World = {}) {
  const started: unknown[] = [];
  let looks = 0;
  let finish: (end: CaseEnd) => void = () => undefined;
  const ended = new Promise<CaseEnd>((resolve) => {
    finish = resolve;
  });
  const desk: CaseDesk = {
    start: async (process, input, id) => {
      if (id === 'taken') throw new Refused('The case taken is there already.');
      started.push({ process, input, id });
      return { workflowId: id, runId: '01a2' };
    },
    find: async () => found,
    status: async () => {
      looks += 1;
      if (looks >= statuses.length) finish(end);
      return statuses[Math.min(looks, statuses.length) - 1];
    },
    history: async () => ({
      ...RUN,
      process: 'onboardCustomer',
      input: { message: 'private' },
      startedAt: 0,
      modelCalls: 1,
      costMicroUsd: 1210,
      steps: [
        {
          agent: 'lookUpCustomer',
          step: 'lookUpCustomer',
          attempts: 2,
          worstCaseMicroUsd: 5000,
          scheduledAt: 0,
          resumed: false,
          outcome: 'failed',
          paidCalls: [],
          answer: { email: 'private' },
          failure: { type: 'StaleData', message: 'old', details: {} },
        },
      ],
    }),
    result: async () => (statuses.length > 1 ? ended : end),
    page: () => FOUND.page,
  };
  const withCases: WithCases = (use) => use(desk);
  const groups: CommandGroup[] = [
    (program, terminal) => addStartCommand(program, withCases, terminal),
    (program, terminal) => addCaseCommands(program, withCases, terminal),
  ];
  return { started, type: (words: string[], columns?: number) => typing(groups, words, columns ? { columns } : {}) };
}

describe('governor start', () => {
  it('starts a case under a name made of its own reference, and says where to look', async () => {
    const { type, started } = fakeDesk();
    const { exit, out } = await type(['start', 'onboardCustomer', 'examples/onboarding/clean.json']);
    expect(exit).toBe(0);
    const input = exampleInput('clean') as { requestId: string };
    expect(started).toEqual([{ process: 'onboardCustomer', input, id: `onboardCustomer-${input.requestId}` }]);
    expect(out).toContain(`npm run -s governor -- case watch onboardCustomer-${input.requestId}`);
    expect(out).toContain(FOUND.page);
  });

  it('takes the name that it is given, and ends with 1 where a case has it', async () => {
    const { type, started } = fakeDesk();
    const example = 'examples/orders/order-clean.json';
    expect(JSON.parse((await type(['start', 'place-order', example, '--id', 'mine', '--json'])).out)).toEqual({
      case: 'mine',
      run: '01a2',
      process: 'placeOrder',
      page: FOUND.page,
    });
    expect(started).toHaveLength(1);
    const refused = await type(['start', 'place-order', example, '--id', 'taken']);
    expect(refused).toMatchObject({ exit: 1, out: '', err: 'The case taken is there already.\n' });
  });

  it('waits for the end with --wait, and ends with 1 where the case failed', async () => {
    const example = 'examples/onboarding/clean.json';
    const good = await fakeDesk().type(['start', 'onboardCustomer', example, '--wait']);
    expect(good).toMatchObject({ exit: 0, out: expect.stringMatching(/It ended: onboarded\./) });
    const waiting = { ...STATUS, waiting: [fullRequest({ asks: 'May it?' })] };
    const asked = await fakeDesk({ statuses: [waiting, STATUS] }).type(['start', 'onboardCustomer', example, '--wait']);
    expect(asked.out).toMatch(/createAccount-1 waits for compliance[\s\S]*It ended: onboarded\./);
    const end = { outcome: 'failed', failureType: 'StaleData', message: 'The answer was old.' };
    const bad = await fakeDesk({ end }).type(['start', 'onboardCustomer', example, '--wait', '--json']);
    expect(bad.exit).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject(end);
  });

  const [good] = [exampleInput('clean') as Record<string, unknown>];
  it.each<[what: string, process: string, text: string, told: RegExp]>([
    [
      'a process that there is not',
      'hireSomebody',
      '{}',
      /There is no process hireSomebody\. There are: onboardCustomer, /,
    ],
    ['words that are not JSON', 'placeOrder', '{"requestId": ', /is not JSON: /],
    ['an empty file', 'placeOrder', ' \n', /is empty/],
    ['a list', 'placeOrder', '[1]', /holds no JSON object/],
    [
      'a field that is missing',
      'onboardCustomer',
      JSON.stringify({ ...good, document: undefined }),
      /\n {2}document: /,
    ],
    ['a field that there is not', 'onboardCustomer', JSON.stringify({ ...good, extra: 1 }), /as a whole: .*"extra"/],
    [
      'a field inside a list',
      'approveExpense',
      JSON.stringify({ lines: [{ amountMinor: 1.5 }] }),
      /\n {2}lines\.0\.amountMinor: /,
    ],
    [
      'a request id with spaces',
      'onboardCustomer',
      JSON.stringify({ ...good, requestId: 'a b' }),
      /requestId: 3 to 64 letters/,
    ],
  ])('tells %s in words, and starts nothing', async (_, process, text, told) => {
    const { type, started } = fakeDesk();
    const { exit, out, err } = await type(['start', process, file(text)]);
    expect({ exit, out, started }).toEqual({ exit: 2, out: '', started: [] });
    expect(err).toMatch(told);
  });

  it('tells of a file that is not there', async () => {
    const { exit, err } = await fakeDesk().type(['start', 'placeOrder', join(folder, 'nowhere.json')]);
    expect(exit).toBe(2);
    expect(err).toMatch(/^The file .*nowhere\.json cannot be read\.\n$/);
  });

  it('names every process in its help, each with an example that it takes', async () => {
    const { out, exit } = await fakeDesk().type(['start', '--help']);
    expect(exit).toBe(0);
    const examples = [...out.matchAll(/npm run -s governor -- start (\w+) examples\/([\w-]+)\/([\w-]+)\.json/g)];
    expect(examples.map(([, process]) => process)).toEqual(Object.keys(PROCESS_INPUTS));
    for (const [, process = '', from = '', name = ''] of examples) {
      expect(isStartable(process) && inputProblems(process, exampleInput(name, from))).toEqual([]);
    }
  });
});

describe('governor case show', () => {
  it('tells status, steps with verdict, model, cost and time', async () => {
    const { out, exit } = await fakeDesk().type(['case', 'show', 'my-case']);
    expect(exit).toBe(0);
    expect(out).toContain('$0.00412 of $0.50, 2 model calls, $0.001 set aside');
    expect(out).toMatch(/lookUpCustomer +done +allowed +claude-haiku-4-5/);
    expect(out).toContain('2 h 5 min');
    for (const line of out.split('\n')) if (!line.includes('http')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('tells what it waits for, and the command to look at it', async () => {
    const status = { ...STATUS, waiting: [fullRequest({ asks: 'May it?', role: 'compliance' })] };
    const { out } = await fakeDesk({ statuses: [status] }).type(['case', 'show', 'my-case']);
    expect(out).toMatch(/createAccount-1 \(proposal\) waits for compliance, .* left:\n {2}May it\?\n/);
    expect(out).toContain('npm run -s governor -- approvals show my-case createAccount-1');
  });

  it('tells how it ended, and where that failure is explained', async () => {
    const found = { ...FOUND, state: 'FAILED', closedAt: new Date('2026-11-23T07:03:00Z') };
    const end = { outcome: 'failed', failureType: 'StaleData', message: 'The answer was old.' };
    const { out } = await fakeDesk({ found, end }).type(['case', 'show', 'my-case']);
    expect(out).toContain('2026-11-23 07:03 UTC, after 3 min');
    expect(out).toContain('It ended: failed with StaleData (docs/failures.md#staledata).\nThe answer was old.');
  });

  it('reads the history where no worker answers, and prints no input', async () => {
    const { out } = await fakeDesk({ statuses: [undefined] }).type(['case', 'show', 'my-case']);
    expect(out).toContain('No worker answers');
    expect(out).toMatch(/lookUpCustomer +lookUpCustomer +failed \(StaleData\) +2/);
    const json = await fakeDesk({ statuses: [undefined] }).type(['case', 'show', 'my-case', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ case: 'my-case', state: 'RUNNING', modelCalls: 1 });
    expect(json.out + out).not.toContain('private');
  });
});

describe('governor case watch', () => {
  const [first, second] = STATUS.steps;
  const statuses = [
    undefined,
    { ...STATUS, steps: first ? [first] : [] },
    { ...STATUS, steps: first ? [first] : [], waiting: [fullRequest({ asks: 'May it?' })] },
    { ...STATUS, steps: first && second ? [first, second] : [], outcome: 'rejected' },
  ];
  const end = { outcome: 'rejected' };

  it('tells each thing once, in lines, where nobody looks on', async () => {
    const { out, drawn, exit } = await fakeDesk({ statuses, end }).type(['case', 'watch', 'my-case']);
    expect({ exit, drawn }).toEqual({ exit: 0, drawn: [] });
    const count = (words: string) => out.split(words).length - 1;
    expect(count('No worker answers yet.')).toBe(1);
    expect(count('  lookUpCustomer: done, allowed, claude-haiku-4-5')).toBe(1);
    expect(count('createAccount-1 waits for')).toBe(1);
    expect(count('  verifyIdentity: rejected, needs-approval (below-floor), no model')).toBe(1);
    expect(out.trimEnd().split('\n').at(-1)).toBe('It ended: rejected.');
  });

  it('draws the case anew at a terminal, within its columns', async () => {
    const { drawn, out } = await fakeDesk({ statuses, end }).type(['case', 'watch', 'my-case'], 72);
    expect(out).toBe('');
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    expect(drawn.at(-1)?.join('\n')).toMatch(/verifyIdentity[\s\S]*It ended: rejected\./);
    for (const line of drawn.flat()) if (!line.includes('http')) expect(line.length).toBeLessThanOrEqual(72);
  });
});
