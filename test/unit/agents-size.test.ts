import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { unboundSchema } from '../../activities/proposal.ts';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { RECEIPT_BYTES } from '../../contracts/expense.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import { EXCERPT_BYTES, excerpt } from '../../contracts/text.ts';
import { READ_BYTES } from '../../contracts/tickets.ts';
import { CHANNELS } from '../../contracts/tools/notifications.ts';
import { requestBytes, worstCaseMicroUsd } from '../../models/cost.ts';
import { answerSchema } from '../../models/schema.ts';
import { parsePrompt } from '../../prompts/template.ts';

/** The longest input that each agent's schema takes, in the script that needs most bytes. */
const long = '語'.repeat(20_000);
const excerpted = excerpt(long, EXCERPT_BYTES);
const letter = { customerName: '語'.repeat(200), plan: 'enterprise', message: excerpted };
const LONGEST: Readonly<Record<string, Record<string, unknown>>> = {
  lookUpCustomer: { message: long },
  verifyIdentity: { documentText: long },
  createAccount: { message: excerpted },
  checkStock: { message: excerpted },
  quotePrice: { message: excerpted },
  createOrder: { message: excerpted },
  writeWelcomeKit: letter,
  sendWelcomeEmail: letter,
  bookFollowUp: { offered: Array(10).fill('2031-03-04T09:00:00.000Z'), message: excerpted },
  routeNotification: {
    accountId: 'a'.repeat(64),
    plan: 'enterprise',
    allowedChannels: [...CHANNELS],
  },
  validateDocument: { docId: 'D'.repeat(66), note: excerpted, schemas: ['invoice-1', 'contract-1'] },
  notifyStakeholders: { docId: 'D'.repeat(66), state: 'changes-requested', kind: 'document', approvals: 28 },
  writeAudit: { outcome: 'x'.repeat(60), steps: Array(40).fill({ step: 'x'.repeat(60), outcome: 'x'.repeat(60) }) },
  escalate: {
    failureType: 'x'.repeat(60),
    step: 'x'.repeat(60),
    allowedQueues: ['identity-ops'],
    leftBehind: Array(20).fill('語'.repeat(66)),
  },
};

const intents = Array.from({ length: 110 }, (_, index) =>
  `an_intent_with_a_rather_long_name_${index}_`.padEnd(42, 'x'),
);
const queues = [0, 1].map((half) => ({ queue: 'q'.repeat(40), intents: intents.slice(half * 55, half * 55 + 55) }));
const OF_TICKETS: typeof LONGEST = {
  classifyTicket: { queues, message: excerpt(long, READ_BYTES) },
  assignTicket: { destination: 'd'.repeat(60), intents: intents.slice(0, 5), message: excerpted },
};

/** Twelve lines, with words at their longest; a quotation mark takes two bytes in JSON. */
const lines = (line: Record<string, unknown>) =>
  Array.from({ length: 12 }, (_, at) => ({ lineId: `line-${at}`.padEnd(20, 'x'), ...line }));
const finding = { rule: 'MEAL-12', says: 'x'.repeat(120) };
const OF_EXPENSES: typeof LONGEST = {
  readReceipt: { receiptText: excerpt(long, RECEIPT_BYTES) },
  checkExpensePolicy: {
    lines: lines({ merchant: '"'.repeat(120), memo: '"'.repeat(300) }),
    rules: Array(9).fill({
      id: 'MEAL-12',
      category: 'entertainment',
      says: '語'.repeat(160),
      limitMinor: 10_000_000,
      verdict: 'covered',
    }),
  },
  recommendExpense: {
    tier: 'automatic',
    currency: 'USD',
    totalMinor: 10_000_000_000,
    lines: lines({
      homeMinor: 10_000_000_000,
      category: 'entertainment',
      proposed: 'refuse',
      findings: Array(5).fill(finding),
    }),
  },
  reimburseExpense: {
    choices: lines({
      merchant: '"'.repeat(120),
      memo: '"'.repeat(300),
      codes: Array(3).fill({ code: '123456', name: 'x'.repeat(40) }),
    }),
  },
};

const withModel: readonly [string, Agent][] = Object.entries(agents).filter(([, agent]) => agent.tier !== 'none');
const folder = (name: string) => name.replace(/[A-Z]/g, (character) => `-${character.toLowerCase()}`);

/** What a complaint about an earlier answer may add. */
const COMPLAINT_BYTES = 1000;

test.each(withModel)('%s: the longest input that it takes fits its bound, complaint included (ON-3)', (name, agent) => {
  const text = readFileSync(new URL(`../../prompts/${folder(name)}/v1.md`, import.meta.url), 'utf8');
  const { system, user } = parsePrompt(name, text).render({ ...LONGEST, ...OF_TICKETS, ...OF_EXPENSES }[name] ?? {});
  const bytes = requestBytes({ system, user, schema: answerSchema(unboundSchema(agent)) });
  expect(bytes + COMPLAINT_BYTES).toBeLessThanOrEqual(agent.bounds.maxInputBytes);
});

test.each(Object.entries(PROCESSES))(
  'two reserved calls of every agent of %s together fit the cap of half a dollar (ON-3)',
  (_, { cleanRun, endings }) => {
    const names = new Set([...cleanRun, ...endings]);
    const worst = withModel
      .filter(([name]) => names.has(name))
      .map(([, { tier, bounds }]) => (tier === 'none' ? 0 : worstCaseMicroUsd(tier, bounds)));
    expect(2 * worst.reduce((sum, amount) => sum + amount, 0)).toBeLessThanOrEqual(500_000);
  },
);
