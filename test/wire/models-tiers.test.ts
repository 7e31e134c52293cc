import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import {
  agents,
  assignTicket,
  bookFollowUp,
  classifyTicket,
  createAccount,
  lookUpCustomer,
  recommendExpense,
  reimburseExpense,
  routeNotification,
  sendWelcomeEmail,
  writeWelcomeKit,
} from '../../agents/index.ts';
import { createModels } from '../../models/index.ts';
import { worstCaseMicroUsd } from '../../models/plan.ts';
import { ANSWER, modelRequest } from '../support/model-request.ts';
import { json, startWireServer, type WireServer } from '../support/wire-server.ts';

const FAST = 'claude-haiku-5-5';
const WEIGHTY = 'claude-sonnet-5-5';
const CLAUDE = json({
  content: [{ type: 'text', text: JSON.stringify(ANSWER) }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 9, output_tokens: 9 },
});

let claude: WireServer;
beforeAll(async () => {
  claude = await startWireServer();
  claude.answers(CLAUDE);
});
afterAll(() => claude.stop());

const models = () => createModels({ anthropicApiKey: 'k', baseUrls: { anthropic: claude.url } });

/** The candidate that is asked first for an agent; nobody for one without a model. */
function firstOf({ tier, stakes, bounds }: Agent) {
  if (tier === 'none') return undefined;
  const worst = worstCaseMicroUsd(tier, bounds);
  const { candidates } = models().plan({ tier, stakes, failed: [], worstCaseMicroUsd: worst, ...bounds });
  const [first] = candidates;
  if (!first) throw new Error('nobody may be asked');
  return first;
}

/** The model that is asked first for an agent, as its provider sees it. */
async function modelOnTheWire(agent: Agent): Promise<unknown> {
  const first = firstOf(agent);
  if (!first) return undefined;
  await models().call(first, modelRequest());
  return (claude.bodies.at(-1) as { model?: unknown }).model;
}

describe('classification and routing', () => {
  it.each(
    [classifyTicket, assignTicket, routeNotification, lookUpCustomer, bookFollowUp].map(
      (agent: Agent) => [agent.name, agent] as const,
    ),
  )('by %s run on the cheap model of the fast tier (MC-62)', async (_, agent) => {
    expect(agent.tier).toBe('fast');
    expect(await modelOnTheWire(agent)).toBe(FAST);
  });
});

const named = (...of: Agent[]) => of.map((agent) => [agent.name, agent] as const);

describe('decisions that weigh things', () => {
  it.each(named(createAccount, recommendExpense))(
    'by %s run on the model of the reasoning tier (MC-63)',
    async (_, agent) => {
      expect(agent.tier).toBe('reasoning');
      expect(await modelOnTheWire(agent)).toBe(WEIGHTY);
    },
  );
});

describe('what is generated', () => {
  it.each(named(writeWelcomeKit, sendWelcomeEmail, reimburseExpense))(
    'by %s runs on the model of the code tier (MC-64)',
    async (_, agent) => {
      expect(agent.tier).toBe('code');
      expect(await modelOnTheWire(agent)).toBe(WEIGHTY);
    },
  );
});

it('no agent asks a dearer model than its tier names, as its provider sees it, and most ask the cheap one or none (MC-65)', async () => {
  const expected = { none: undefined, fast: FAST, reasoning: WEIGHTY, code: WEIGHTY };
  const asked: unknown[] = [];
  for (const agent of Object.values<Agent>(agents)) {
    const model = await modelOnTheWire(agent);
    expect(model, agent.name).toBe(expected[agent.tier]);
    asked.push(model);
  }
  const dear = asked.filter((model) => model === WEIGHTY).length;
  expect(dear / asked.length).toBeLessThan(0.25);
});
