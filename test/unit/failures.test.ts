import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FAILURES, type FailureType } from '../../contracts/failures.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const TYPES = Object.keys(FAILURES) as FailureType[];

/** How docs/failures.md says who tries again. */
const RETRIED = { temporal: 'by Temporal, then a person decides', person: 'a person decides', never: 'no' } as const;
const FIELDS = ['What happened', 'Retried', 'Queue', 'Left behind', 'What to do'] as const;

interface Section {
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** `### Type` and under it one `- **Field**: words` for each field. */
function sectionsOf(page: string): Section[] {
  const [, ...parts] = page.split(/^### /m);
  return parts.map((part) => {
    const [type = '', ...lines] = part.split('\n');
    const fields = lines.flatMap((line) => {
      const [, name, words] = /^- \*\*(.+?)\*\*: (.+)$/.exec(line) ?? [];
      return name && words ? [[name, words] as const] : [];
    });
    return { type: type.trim(), fields: Object.fromEntries(fields) };
  });
}

/** The test that brings each failure about, by file and by its title as it stands there. */
const PROOFS: Readonly<Record<FailureType, readonly [file: string, title: string]>> = {
  InvalidInput: ['test/workflow/doors.test.ts', 'with %s for an input fails at once, in words for its caller'],
  UnknownWorkflow: [
    'test/workflow/doors.test.ts',
    'of a type that nobody knows fails at once and says which there are',
  ],
  StaleData: [
    'test/workflow/failures-100.test.ts',
    'gives the same type, the same state and no retry, a hundred times',
  ],
  WrongSubject: ['test/workflow/onboarding.test.ts', 'calls fresh data of another customer what it is'],
  BadAnswer: ['test/contract/tool-client.test.ts', '%s is a BadAnswer that names tool and field'],
  ErrorInAnswer: ['test/contract/tool-faults.test.ts', '%s is %s, is not remembered, and is over after two times'],
  AnswerTooLarge: ['test/contract/tool-client.test.ts', 'over HTTP as an event stream that never ends'],
  StockFault: ['test/workflow/orders-blame.test.ts', 'is a StockFault of reserveStock'],
  PricingFault: ['test/workflow/orders-blame.test.ts', 'is a PricingFault of quotePrice'],
  OrderFault: ['test/workflow/orders-blame.test.ts', 'is an OrderFault of createOrder'],
  ToolUnavailable: [
    'test/contract/tool-client.test.ts',
    'a server that says nothing, and one that is not there, are ToolUnavailable',
  ],
  ToolRateLimited: ['test/contract/tool-faults.test.ts', 'rate-limited says how long to wait'],
  ToolRejected: ['test/workflow/iterations.test.ts', 'goes back to the model without a word of the tool’s'],
  ToolMissing: ['test/contract/tool-client.test.ts', '%s without the tool is ToolMissing'],
  EffectInFlight: ['test/contract/ledger.test.ts', 'lets nobody in while a claim may still be at work'],
  EffectUnknown: ['test/contract/ledger.test.ts', 'says that nobody knows, and goes on saying it until somebody does'],
  KeyReused: ['test/workflow/one-effect.test.ts', 'gets no account, and the first one’s stays open'],
  ModelRateLimited: ['test/wire/models-aimock.test.ts', 'honours Retry-After of a 429'],
  ModelUnavailable: [
    'test/workflow/failover.test.ts',
    'escalation and audit finish, without a model and without waiting for one',
  ],
  ModelRefused: ['test/unit/models-classify-error.test.ts', 'content against policy'],
  ModelMisconfigured: ['test/unit/models-classify-error.test.ts', 'a wrong key (anthropic)'],
  NoModelLeft: ['test/workflow/failover.test.ts', 'and none that may even be asked, the person hears so at once'],
  IterationCapReached: ['test/workflow/iterations.test.ts', 'may come as often as the iterations say and no more'],
  AllowanceSpent: ['test/workflow/iterations.test.ts', 'goes on under a second reservation, with the complaint'],
  RequestTooLong: ['test/workflow/iterations.test.ts', 'of more bytes than are priced in is never sent'],
  ProposalRefused: ['test/workflow/iterations.test.ts', 'is not made: ProposalRefused, a person decides'],
  DeadlineExceeded: [
    'test/workflow/ladders.test.ts',
    'still holds after a wait: what is under way is recorded and taken back',
  ],
  SealBroken: ['test/workflow/voided-yes.test.ts', 'that loses its ground a third time is SealBroken'],
  ApprovalMissing: ['test/contract/tool-gate.test.ts', 'from 500.00 on it is refused without a signed yes'],
  ResultTooLarge: ['test/workflow/mistakes-of-ours.test.ts', 'that history could not hold is not returned'],
  PromptMissing: ['test/unit/releases-store.test.ts', 'takes no other text where the pinned one %s'],
  ReleaseBroken: [
    'test/unit/releases-store.test.ts',
    'does not take a release whose prompts its agents cannot fill in',
  ],
  InternalError: [
    'test/workflow/mistakes-of-ours.test.ts',
    'is retried, then a person decides; its text stays out of history',
  ],
  Terminated: ['test/workflow/terminated.test.ts', 'a terminated run is reported to people once'],
};

describe('the page of failures', () => {
  const sections = sectionsOf(read('docs/failures.md'));

  it('has one section for each type of the table, in its order, and no other (BA-88)', () => {
    expect(sections.map(({ type }) => type)).toEqual(TYPES);
  });

  it.each(sections)('says of $type what the table says, and what people need to know (BA-88)', ({ type, fields }) => {
    const { retry, queue } = FAILURES[type as FailureType];
    expect(Object.keys(fields)).toEqual(FIELDS);
    expect(fields).toMatchObject({
      Retried: expect.stringMatching(new RegExp(`^${RETRIED[retry]}[.;]`)),
      Queue: `\`${queue}\``,
    });
  });
});

describe('each failure', () => {
  it.each(Object.entries(PROOFS))('%s is brought about by a test that exists (RD-105)', (type, [file, title]) => {
    const text = read(file);
    expect(text).toContain(title);
    expect(text).toContain(type);
  });
});
