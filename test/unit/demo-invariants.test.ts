import { describe, expect, it } from 'vitest';
import type { StepHistory } from '../../client/index.ts';
import type { ModelCall } from '../../contracts/decision.ts';
import { type Counts, countEffects } from '../../outside/counts.ts';
import type { CaseEvidence, Evidence } from '../../workers/demo/chaos/evidence.ts';
import { invariantsOf } from '../../workers/demo/chaos/invariants.ts';
import { STAND_IN } from '../../workers/demo/chaos/props.ts';

const CASE = 'placeOrder-a';
const KEY = 'placeOrder:ord-a:createOrder';
const FIRST = 'first-fast';
const PRICE = 1_000_000;
const prices = { input: PRICE, cacheRead: PRICE, cacheWrite: PRICE, output: PRICE };

const call = (model: string, inputTokens: number, more: Partial<ModelCall> = {}): ModelCall => ({
  model,
  simulated: false,
  outcome: 'answered',
  inputTokens,
  outputTokens: 1,
  costMicroUsd: inputTokens + 1,
  ms: 1,
  ...more,
});
const ask = (model: string, inputTokens: number, key = 'worker-2', topic = 'quotePrice') => ({
  model,
  key,
  topic,
  billed: { inputTokens, outputTokens: 1 },
});
const step = (name: string, paidCalls: readonly ModelCall[]): StepHistory => ({
  agent: name,
  step: name,
  attempts: 1,
  worstCaseMicroUsd: 100,
  outcome: 'done',
  paidCalls,
  scheduledAt: 0,
  resumed: false,
});

/** What a case books where a whole attempt died: it may have been billed. */
const LOST = call('unknown', 0, { outcome: 'unknown', outputTokens: 0, costMicroUsd: 50 });

const oneCase = (change: Partial<CaseEvidence> = {}): CaseEvidence => ({
  run: { workflowId: CASE, runId: 'r' },
  expected: { outcome: 'created', effects: 1 },
  end: { outcome: 'created' },
  history: {
    workflowId: CASE,
    runId: 'r',
    process: 'placeOrder',
    input: { requestId: 'ord-a' },
    startedAt: 0,
    closedAt: 1,
    steps: [
      step('quotePrice', [LOST, call(FIRST, 10)]),
      step('createOrder', [call(STAND_IN, 11)]),
      step('writeAudit', []),
    ],
    modelCalls: 2,
    costMicroUsd: 23,
  },
  ...change,
});

const ANSWERS = [{ approval: 'quotePrice-1', by: 'darius.wren', verdict: 'go-on' }];
const decision = (name: string, answers: Counts['decisions'][number]['answers'] = []) => ({
  caseId: CASE,
  step: name,
  agent: name,
  answers,
});

/** An evening on which everything held. */
async function evening(): Promise<Evidence> {
  const nothing = await countEffects({ stateDir: '/nowhere' });
  return {
    cases: [oneCase()],
    known: 1,
    counts: {
      ...nothing,
      orders: [{ key: KEY, id: 'o-1' }],
      audit: [{ key: 'k', id: '1', caseId: CASE, outcome: 'created' }],
      decisions: [decision('quotePrice', ANSWERS), decision('createOrder'), { ...decision('ask'), agent: 'people' }],
    },
    books: [
      ask(FIRST, 10),
      ask(STAND_IN, 11),
      ask(FIRST, 12, 'worker-1'),
      { model: FIRST, key: 'worker-2', topic: 'x' },
    ],
    prices: new Map([FIRST, STAND_IN].map((model) => [model, prices])),
    caps: { placeOrder: 100 },
    killed: {
      name: 'worker-1',
      goneOn: 1,
      cutOff: [
        {
          workflowId: CASE,
          activityId: '1',
          agent: 'quotePrice',
          attempt: 1,
          begun: true,
          worker: '1@host',
          kept: [call(FIRST, 10)],
        },
      ],
    },
    delivered: [
      {
        id: 'msg',
        replies: [
          { status: 202, case: CASE },
          { status: 200, case: CASE },
        ],
      },
    ],
    answered: [
      {
        workflowId: CASE,
        approval: 'quotePrice-1',
        replies: [
          { by: 'darius.wren', verdict: 'go-on', status: 200, said: 'accepted, and signed' },
          { by: 'ruth.achterberg', verdict: 'reject', status: 409, said: 'already decided by darius.wren' },
        ],
      },
    ],
  };
}

type Change = (all: Evidence) => Partial<Evidence>;
const counted =
  (change: (counts: Counts) => Partial<Counts>): Change =>
  ({ counts }) => ({
    counts: { ...counts, ...change(counts) },
  });
const withSteps =
  (...steps: StepHistory[]): Change =>
  ({ cases: [one = oneCase()] }) => ({
    cases: [{ ...one, history: { ...one.history, steps } }],
  });
const replied =
  (...statuses: number[]): Change =>
  ({ answered: [one] }) => ({
    answered: one
      ? [{ ...one, replies: one.replies.map((reply, at) => ({ ...reply, status: statuses[at] ?? 0 })) }]
      : [],
  });

const ENDS = 'every case ends as it has to';
const EFFECTS = 'every effect is there once';
const AUDIT = 'every case has one audit entry';
const DECISIONS = 'every step has one decision';
const PAID = 'no model call is paid for twice';
const BILLED = 'what is booked is what is billed';
const CAPS = 'no case spends more than its cap';
const STAKES = 'no stand-in decides where much is at stake';
const KILL = 'what a kill cuts off goes on';
const CALLBACK = 'a callback that comes twice begins one case';
const ANSWER = 'a request takes one answer';

const quote = step('quotePrice', [LOST, call(FIRST, 10)]);
const order = step('createOrder', [call(STAND_IN, 11)]);
const audit = step('writeAudit', []);

/** What went wrong, which invariants say so, and how it is put into the evidence. */
const WRONG: readonly (readonly [string, readonly string[], Change])[] = [
  ['a case ends in another way', [ENDS], () => ({ cases: [oneCase({ end: { outcome: 'failed' } })] })],
  ['somebody else began a case', [ENDS], () => ({ known: 2 })],
  ['an order stands twice', [EFFECTS], counted(({ orders }) => ({ orders: [...orders, ...orders] }))],
  ['an order is missing', [EFFECTS], counted(() => ({ orders: [] }))],
  [
    'a mail went out that no case wanted',
    [EFFECTS],
    counted(() => ({ mails: [{ key: 'onboardCustomer:x:sendWelcomeEmail', id: 'm' }] })),
  ],
  ['a case is audited twice', [AUDIT], counted(({ audit: entries }) => ({ audit: [...entries, ...entries] }))],
  [
    'a decision is recorded twice',
    [DECISIONS],
    counted(({ decisions }) => ({ decisions: [...decisions, decision('createOrder')] })),
  ],
  ['a decision is of no step', [DECISIONS], counted(({ decisions }) => ({ decisions: [...decisions, decision('x')] }))],
  ['a lost answer is booked nowhere', [PAID], withSteps(step('quotePrice', [call(FIRST, 10)]), order, audit)],
  ['somebody has asked for nothing', [PAID], ({ books }) => ({ books: [...books, ask(FIRST, 13, 'worker-2')] })],
  [
    'a step asks again when it has an answer',
    [PAID],
    (all) => ({
      ...withSteps(
        step('quotePrice', [call(FIRST, 10), call(FIRST, 13)]),
        step('createOrder', [call(STAND_IN, 11)]),
        audit,
      )(all),
      books: [...all.books, ask(FIRST, 13)],
    }),
  ],
  [
    'a proposal that was kept is not used',
    [PAID],
    ({ killed }) => ({
      killed: { ...killed, cutOff: killed.cutOff.map((cut) => ({ ...cut, kept: [call(FIRST, 12)] })) },
    }),
  ],
  [
    'a call is booked for less than it is billed',
    [BILLED],
    withSteps(quote, step('createOrder', [call(STAND_IN, 11, { costMicroUsd: 3 })]), audit),
  ],
  ['a case spends more than it may', [CAPS], () => ({ caps: { placeOrder: 22 } })],
  ['nobody knows what a case may spend', [CAPS], () => ({ caps: {} })],
  [
    'the stand-in is asked who somebody is',
    [STAKES],
    ({ books }) => ({ books: books.map((each) => ({ ...each, topic: 'verifyIdentity' })) }),
  ],
  ['a step that was cut off stays there', [KILL], ({ killed }) => ({ killed: { ...killed, goneOn: 0 } })],
  [
    'a callback begins two cases',
    [CALLBACK],
    () => ({
      delivered: [
        {
          id: 'msg',
          replies: [
            { status: 202, case: CASE },
            { status: 202, case: 'another' },
          ],
        },
      ],
    }),
  ],
  [
    'a delivery is refused',
    [CALLBACK],
    () => ({ delivered: [{ id: 'msg', replies: [{ status: 202, case: CASE }, { status: 500 }] }] }),
  ],
  ['both answers are taken', [ANSWER], replied(200, 200)],
  ['none is taken', [ANSWER], replied(409, 409)],
  [
    'the audit has the other one',
    [ANSWER],
    counted(({ decisions: [first, ...others] }) => ({
      decisions: first ? [{ ...first, answers: ANSWERS.map((one) => ({ ...one, verdict: 'reject' })) }, ...others] : [],
    })),
  ],
];

describe('what the demo counts when things were broken', () => {
  const broken = (evidence: Evidence): string[] =>
    invariantsOf(evidence).flatMap(({ holds, name }) => (holds ? [] : [name]));

  it('holds on an evening on which nothing went wrong, and answers that died with a worker are none that were paid twice', async () => {
    const all = await evening();
    expect(broken(all)).toEqual([]);
    const paid = invariantsOf(all).find(({ name }) => name === PAID);
    expect(paid?.counts).toMatchObject({ answered: 3, lostWithWorker: 1, checkpoints: 1 });
  });

  it.each(WRONG)('does not hold where %s', async (_what, names, change) => {
    const all = await evening();
    expect(broken({ ...all, ...change(all) })).toEqual(names);
  });

  it('says where, by the case', async () => {
    const all = await evening();
    const [ended] = invariantsOf({ ...all, cases: [oneCase({ end: { outcome: 'failed' } })] });
    expect(ended?.where).toEqual([`${CASE} is failed, and not created`]);
  });

  it('has a test for each invariant', async () => {
    const tried = new Set(WRONG.flatMap(([, names]) => names));
    expect(invariantsOf(await evening()).map(({ name }) => name)).toEqual([...tried]);
  });

  it('holds nothing of an evening on which nothing happened', async () => {
    const all = await evening();
    const nothing = {
      cases: [],
      known: 0,
      books: [],
      delivered: [],
      answered: [],
      killed: { ...all.killed, cutOff: [] },
    };
    expect(broken({ ...all, ...nothing, counts: await countEffects({ stateDir: '/nowhere' }) })).toEqual(
      expect.arrayContaining([ENDS, EFFECTS, DECISIONS, PAID, BILLED, STAKES, KILL, CALLBACK, ANSWER]),
    );
  });
});
