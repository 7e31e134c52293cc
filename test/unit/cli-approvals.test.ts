import { describe, expect, it } from 'vitest';
import { addApprovalCommands } from '../../client/cli/approval-commands.ts';
import { type ApprovalDesk, type Decided, NotOpen, type Waiting } from '../../client/cli/approval-desk.ts';
import type { AnswerReply, OpenRequest } from '../../contracts/messages.ts';
import { fullRequest } from '../support/full-request.ts';
import { type Person, typing } from '../support/typing.ts';

const summary = (change: Partial<Waiting>): Waiting => {
  const { approval, kind, role, asks, subject, tier, rule, risk, askedAt, until, due, digest, barred } = fullRequest();
  const base = { approval, kind, role, asks, subject, tier, rule, risk, askedAt, until, due, digest, barred };
  return { ...base, process: 'onboardCustomer', case: 'my-case', ...change };
};

interface World {
  readonly request?: OpenRequest;
  readonly waiting?: readonly Waiting[];
  readonly reply?: AnswerReply;
  readonly whyNot?: string;
  /** What the case says to an answer that comes too late. */
  readonly late?: string;
}

function desk({ request = fullRequest(), waiting = [], reply = { accepted: true }, whyNot, late }: World = {}) {
  const sent: Decided[] = [];
  const names: (string | undefined)[] = [];
  const fake: ApprovalDesk = {
    list: async () => waiting,
    show: async (caseId, approval) => {
      if (approval !== request.approval) throw new NotOpen('my-case has no open request of that name.');
      return { case: caseId, process: 'onboardCustomer', request, ...(whyNot ? { mayAnswer: false, whyNot } : {}) };
    },
    tooLate: async () => late,
    answer: async (decided) => {
      sent.push(decided);
      return reply;
    },
    sign: async (decided) => {
      sent.push(decided);
      return "temporal workflow signal --workflow-id my-case --name answer --input '{}'";
    },
  };
  const type = (words: string[], person: Person = {}) =>
    typing(
      [
        (program, terminal) =>
          addApprovalCommands(
            program,
            async (as, use) => {
              names.push(as);
              return use(fake);
            },
            terminal,
          ),
      ],
      ['approvals', ...words],
      person,
    );
  return { sent, names, type };
}

const DIGEST = fullRequest().digest.slice(0, 12);
const answer = (...more: string[]) => ['answer', 'my-case', 'createAccount-1', ...more, '--digest', DIGEST];

describe('governor approvals list', () => {
  const waiting = [
    summary({ case: 'first-case', amount: { minor: 62_000, currency: 'USD' }, advice: 'approve', confidence: 0.9 }),
    summary({
      case: 'second-case',
      process: 'placeOrder',
      role: 'director',
      risk: 'high',
      claimedBy: 'ruth',
      held: true,
    }),
  ];

  it('tells what, who, how much, until when and the advice, within 80 columns', async () => {
    const { out, exit } = await desk({ waiting }).type(['list']);
    expect(exit).toBe(0);
    expect(out).toMatch(/^2 requests wait\.\n\nfirst-case {2}createAccount-1\n/);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('medium risk · 620.00 USD · 3 h left · advice: approve (90 %)');
    expect(out.replaceAll(/\s+/g, ' ')).toContain('waits for the requester · claimed by ruth');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each([
    [['--process', 'placeorder'], ['second-case']],
    [['--role', 'compliance'], ['first-case']],
    [['--risk', 'high'], ['second-case']],
    [['--risk', 'high', '--role', 'compliance'], []],
  ])('shows those that are meant by %j', async (options, cases) => {
    const { out } = await desk({ waiting }).type(['list', '--json', ...options]);
    expect(JSON.parse(out).map((each: Waiting) => each.case)).toEqual(cases);
  });

  it('says so where nothing waits', async () => {
    expect((await desk().type(['list'])).out).toBe('Nothing waits for anybody.\n');
  });
});

describe('governor approvals show', () => {
  it('shows the exact call whole, and escapes what would hide in it', async () => {
    const long = `first line\n${'x'.repeat(400)} \u202eevil\u0007\u200b end`;
    const request = fullRequest({ call: { customerId: 'C-1042', note: long, nested: { deep: [1, 2] } } });
    const { out } = await desk({ request }).type(['show', 'my-case', 'createAccount-1']);
    const text = out.replaceAll(/\n\s*/g, '');
    expect(text).toContain('x'.repeat(400));
    expect(text).toContain('"firstline\\n');
    expect(text).toContain('\\u202eevil\\u0007\\u200b');
    expect(out).toContain('{"deep":[1,2]}');
    expect(out).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(
      JSON.parse((await desk({ request }).type(['show', 'my-case', 'createAccount-1', '--json'])).out).request,
    ).toEqual(request);
  });

  it('tells everything that a decision rests on', async () => {
    const request = fullRequest({
      amount: { minor: 62_000, currency: 'EUR' },
      before: { customerId: 'C-1042', plan: 'business', displayName: 'Ada' },
      missing: ['segment'],
      facts: { match: 'possible-watch-list', ageYears: 44 },
      recommendation: {
        verdict: 'approve',
        confidence: 0.9,
        evidence: 'Receipt and line agree.',
        clauses: [{ id: 'E-4', says: 'Meals up to 50.' }],
      },
      needed: 2,
      yeses: ['darius.wren'],
      claimedBy: 'ines.halvorsen',
      held: { by: 'ines.halvorsen', question: 'Which plan?' },
      remarks: [{ at: '2026-11-23T07:57:00.000Z', by: 'ines.halvorsen', verdict: 'ask-info', words: 'Which plan?' }],
    });
    const { out } = await desk({ request, whyNot: 'it is your own' }).type(['show', 'my-case', 'createAccount-1']);
    const text = out.replaceAll(/\s+/g, ' ');
    for (const told of [
      'about C-1042, 620.00 EUR',
      'tier compliance (below-floor): The model was 50 % sure',
      'risk medium',
      'An account is opened. It can be undone.',
      'claude-haiku-4-5, prompt v2, 50 % sure',
      'Advice, written by a model: approve (90 %)',
      'E-4: Meals up to 50.',
      'plan "starter" (may be edited) edited; the model proposed "business"',
      'segment missing; an edit has to supply it',
      'The answer rests on: match "possible-watch-list" ageYears 44',
      'yeses 1 of 2: darius.wren',
      'may not marta.lindqvist',
      'you may not answer: it is your own',
      'ines.halvorsen has asked the requester: Which plan?',
      '2026-11-23 07:57 UTC ines.halvorsen: ask-info, “Which plan?”',
      'answers approve, edit, reject',
      'or ask-info, delegate, escalate, claim',
      request.digest,
      `npm run -s governor -- approvals answer my-case createAccount-1 approve --digest ${DIGEST}`,
    ])
      expect(text).toContain(told);
    for (const line of out.split('\n')) if (!line.includes('npm run')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('ends with 1 where no such request is open', async () => {
    expect(await desk().type(['show', 'my-case', 'nothing-7'])).toMatchObject({ exit: 1, out: '' });
  });
});

describe('governor approvals answer', () => {
  it.each<[string[], object]>([
    [['approve'], { verdict: 'approve' }],
    [['APPROVE'], { verdict: 'approve' }],
    [['reject', '--reason', 'too old'], { verdict: 'reject', reason: 'too old' }],
    [['edit', '--edit', 'plan=pro'], { verdict: 'edit', edit: { plan: 'pro' } }],
    [['edit', '--edit', 'plan=123'], { verdict: 'edit', edit: { plan: '123' } }],
    [
      ['edit', '--edit', 'seats=12', '--edit', 'tags=["a"]', '--edit', 'note=a=b'],
      { verdict: 'edit', edit: { seats: 12, tags: ['a'], note: 'a=b' } },
    ],
    [['ask-info', '--reason', 'Which plan?'], { verdict: 'ask-info', reason: 'Which plan?' }],
    [['delegate', '--to', 'ruth.achterberg'], { verdict: 'delegate', to: 'ruth.achterberg' }],
    [['claim'], { verdict: 'claim' }],
  ])('sends %j as it was meant', async (words, said) => {
    const { type, sent, names } = desk();
    const { exit, out } = await type([...answer(...words), '--as', 'ines']);
    expect({ exit, names }).toEqual({ exit: 0, names: ['ines'] });
    expect(out).toMatch(/^Taken: [a-z-]+ on createAccount-1 of my-case\.\n$/);
    expect(sent.map((each) => each.said)).toEqual([said]);
  });

  it('raises a budget by US dollars', async () => {
    const request = fullRequest({ kind: 'budget', answers: ['raise', 'stop'] });
    const { type, sent } = desk({ request });
    await type(answer('raise', '--amount', '0.25'));
    await type(answer('raise', '--amount', '$1'));
    expect(sent.map(({ said }) => said.amountMicroUsd)).toEqual([250_000, 1_000_000]);
    for (const amount of ['-1', '0', '1e3', 'all', '0.1234567', 'NaN', '1,50'])
      expect((await type(answer('raise', '--amount', amount))).exit).toBe(2);
    expect(sent).toHaveLength(2);
  });

  it.each<[what: string, words: string[], exit: number, told: RegExp]>([
    [
      'an answer that it does not take',
      answer('raise'),
      2,
      /There is no answer raise\. There are: approve, edit, reject/,
    ],
    ['a move that is not possible now', answer('release'), 2, /There is no answer release/],
    ['a no without words', answer('reject'), 2, /reject needs words: --reason/],
    ['a question without words', answer('ask-info'), 2, /ask-info needs words/],
    ['a delegation to nobody', answer('delegate'), 2, /delegate needs a person: --to/],
    ['an edit of nothing', answer('edit'), 2, /edit needs what to change/],
    ['an edit under a yes', answer('approve', '--edit', 'plan=pro'), 2, /Only the answer edit changes arguments/],
    ['an edit that cannot be read', answer('edit', '--edit', 'plan'), 2, /is not like plan=starter/],
    [
      'the digest of another request',
      ['answer', 'my-case', 'createAccount-1', 'approve', '--digest', 'f'.repeat(12)],
      1,
      /has changed since you read it/,
    ],
    [
      'a digest that is too short',
      ['answer', 'my-case', 'createAccount-1', 'approve', '--digest', 'ab12'],
      2,
      /8 digits or more/,
    ],
    [
      'no digest, and nobody to ask',
      ['answer', 'my-case', 'createAccount-1', 'approve'],
      2,
      new RegExp(`--digest ${DIGEST}`),
    ],
  ])('sends nothing for %s', async (_, words, exit, told) => {
    const { type, sent } = desk();
    const result = await type(words);
    expect({ exit: result.exit, sent, out: result.out }).toEqual({ exit, sent: [], out: '' });
    expect(result.err).toMatch(told);
  });

  it('shows the request and asks at a terminal where no digest says what was read; the first choice sends nothing', async () => {
    const words = ['answer', 'my-case', 'createAccount-1', 'approve'];
    const { type, sent } = desk();
    const offered: string[] = [];
    const no = await type(words, {
      choose: (_, choices) => {
        offered.push(...choices);
        return choices[0];
      },
    });
    expect(no.out).toContain('The exact call:');
    expect(no.out).toContain('Nothing was sent.');
    expect((await type(words, { choose: () => undefined })).exit).toBe(0);
    expect(sent).toEqual([]);
    expect(offered).toEqual(['no, leave it', 'yes, approve']);
    await type(words, { choose: (_, choices) => choices[1] });
    expect(sent).toHaveLength(1);
  });

  it('tells who was first, and ends with 1', async () => {
    const reply = { accepted: false, decidedBy: 'ruth.achterberg', why: 'already decided by ruth.achterberg' };
    expect(await desk({ reply }).type(answer('approve'))).toMatchObject({
      exit: 1,
      out: '',
      err: 'Not taken: already decided by ruth.achterberg\n',
    });
  });

  it('tells it too where the request is gone', async () => {
    const words = ['answer', 'my-case', 'verifyIdentity-1', 'approve', '--digest', DIGEST];
    const late = 'already decided by ruth.achterberg';
    expect(await desk({ late }).type(words)).toMatchObject({ exit: 1, err: `Not taken: ${late}\n` });
    expect((await desk().type(words)).err).toBe('my-case has no open request of that name.\n');
  });
});

describe('governor approvals sign', () => {
  it('prints one command and nothing else, and sends nothing', async () => {
    const { type } = desk();
    const { exit, out } = await type(['sign', 'my-case', 'createAccount-1', 'approve', '--digest', DIGEST]);
    expect({ exit, out }).toEqual({
      exit: 0,
      out: "temporal workflow signal --workflow-id my-case --name answer --input '{}'\n",
    });
  });
});
