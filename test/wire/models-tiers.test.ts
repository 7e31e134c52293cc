import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import { assignTicket, bookFollowUp, classifyTicket, lookUpCustomer, routeNotification } from '../../agents/index.ts';
import { createModels } from '../../models/index.ts';
import { worstCaseMicroUsd } from '../../models/plan.ts';
import { ANSWER, modelRequest } from '../support/model-request.ts';
import { json, startWireServer, type WireServer } from '../support/wire-server.ts';

const FAST = 'claude-haiku-5-5';
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

/** The model that is asked first for an agent, as its provider sees it. */
async function modelOnTheWire({ tier, stakes, bounds }: Agent): Promise<unknown> {
  if (tier === 'none') return undefined;
  const models = createModels({ anthropicApiKey: 'k', baseUrls: { anthropic: claude.url } });
  const worst = worstCaseMicroUsd(tier, bounds);
  const { candidates } = models.plan({ tier, stakes, failed: [], worstCaseMicroUsd: worst, ...bounds });
  const [first] = candidates;
  if (!first) throw new Error('nobody may be asked');
  await models.call(first, modelRequest());
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
