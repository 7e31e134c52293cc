import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createToolClient, type ToolClient } from '../../activities/tool-client.ts';
import { Failed } from '../../contracts/failures.ts';
import type { OrderRequest } from '../../contracts/orders.ts';
import type { Tool } from '../../contracts/tool.ts';
import * as crm from '../../contracts/tools/customer-data.ts';
import * as inventory from '../../contracts/tools/inventory.ts';
import * as orders from '../../contracts/tools/orders.ts';
import * as pricing from '../../contracts/tools/pricing.ts';
import { byteLength } from '../../models/cost.ts';
import type { Candidate } from '../../models/model.ts';
import { answerSchema } from '../../models/schema.ts';
import { type FourTool, requestOf } from './cases.ts';
import { type Exchange, type Habits, type LoopRequest, type Move, nextMove } from './loop-model.ts';
import { type Ended, type Side, TOOL_PATIENCE_MS } from './side.ts';
import { bytesOf, nothingSpent, type Spent, spend, tokensOf } from './spent.ts';

/** The loop ends here, whatever the model says. */
const MOST_MOVES = 47;

const TOOLS: Readonly<Record<FourTool, Tool>> = {
  'crm.get_customer_data': crm.getCustomerData,
  'inventory.check': inventory.checkInventory,
  'pricing.quote': pricing.quotePrice,
  'orders.create': orders.createOrder,
};

const SYSTEM = readFileSync(join(import.meta.dirname, 'loop-prompt.md'), 'utf8');
/** As narrow as the agents' own schemas, without confidence and reasoning. */
const argumentsSchema = (input: z.ZodObject): unknown =>
  z.object({ arguments: z.unknown() }).parse(answerSchema(input)['properties']).arguments;
/** What the provider is sent of each tool, with every call. */
const OFFERED = Object.values(TOOLS).map(({ name, purpose, input }) => ({
  name,
  description: purpose,
  input_schema: argumentsSchema(input),
}));
const FIXED_BYTES = byteLength(SYSTEM) + bytesOf(OFFERED);

/** One agent with all four tools: asked again and again, with all that was said before, until it says that it is done. */
export function loopSide(url: string, candidate: Candidate, habits: Habits): Side & { close(): Promise<void> } {
  const tools = createToolClient({ url });
  return {
    close: () => tools.close(),
    serve: async (scenario) => {
      const began = performance.now();
      const request = { ...requestOf('loop', scenario), receivedAt: new Date().toISOString() };
      const ended = await converse(request, tools, candidate, habits);
      if (ended.says === 'no order') await letGo(request, tools);
      return { ...ended, ms: Math.round(performance.now() - began) };
    },
  };
}

async function converse(
  request: LoopRequest,
  tools: ToolClient,
  candidate: Candidate,
  habits: Habits,
): Promise<Omit<Ended, 'ms'>> {
  const spent = nothingSpent();
  const talk: Exchange[] = [];
  for (let moves = 1; moves <= MOST_MOVES; moves++) {
    const move = nextMove(request, talk, habits);
    charge(spent, candidate, request, talk, move);
    if (move.kind === 'stop') return { ...move, peopleAsked: 0, spent };
    const isFirstOrder = move.tool === 'orders.create' && !talk.some(({ tool }) => tool === 'orders.create');
    if (isFirstOrder) await reserve(request, tools, talk);
    const key = `${request.requestId}:${habits.keyed ? move.tool : talk.length}`;
    talk.push(await callTool(tools, move, key));
  }
  return { says: 'no order', words: 'The loop was stopped.', peopleAsked: 0, spent };
}

/** Each call sends the prompt, the tools and the whole conversation. */
function charge(
  spent: Spent,
  { prices }: Candidate,
  request: LoopRequest,
  talk: readonly Exchange[],
  move: Move,
): void {
  const bytes = FIXED_BYTES + bytesOf(request) + talkBytes(talk);
  const repeated = talk.length === 0 ? 0 : FIXED_BYTES + bytesOf(request) + talkBytes(talk.slice(0, -1));
  const { kind: _kind, ...said } = move;
  const usage = { input: tokensOf(bytes), cacheRead: 0, cacheWrite: 0, output: tokensOf(bytesOf(said)) };
  spend(spent, prices, usage, bytes, repeated);
}

const talkBytes = (talk: readonly Exchange[]): number => talk.reduce((sum, exchange) => sum + bytesOf(exchange), 0);

type ToolCall = Extract<Move, { kind: 'call' }>;

/** A failure goes back into the conversation like any other answer. */
async function callTool(tools: ToolClient, { tool, call }: ToolCall, key: string): Promise<Exchange> {
  try {
    const { answer } = await tools.call(TOOLS[tool], call, callOptions(key));
    return { tool, call, answer };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const { message, details } = error.failure;
    return { tool, call, error: `${message} ${String(details['reason'] ?? '')}`.trim() };
  }
}

const callOptions = (key: string) => ({
  key,
  signal: AbortSignal.timeout(TOOL_PATIENCE_MS),
  timeoutMs: TOOL_PATIENCE_MS,
});

const Priced = z.looseObject({ lines: z.array(z.looseObject({ sku: z.string(), now: z.int() })) });

/** Holding stock is no judgement on either side: it is done for the loop before its order, and undone if there is none. */
async function reserve(request: OrderRequest, tools: ToolClient, talk: readonly Exchange[]): Promise<void> {
  const { requestId, customerId } = request;
  const { lines } = Priced.parse(talk.findLast(({ tool }) => tool === 'pricing.quote')?.call);
  const held = lines.map(({ sku, now }) => ({ sku, quantity: now }));
  const call = { requestId, customerId, minutes: 60, lines: held };
  await orGoOn(tools.call(inventory.reserveInventory, call, callOptions(`${requestId}:reserve`)));
}

async function letGo({ requestId }: OrderRequest, tools: ToolClient): Promise<void> {
  const call = { requestId, reason: 'the order was not made' };
  await orGoOn(tools.call(inventory.releaseInventory, call, callOptions(`${requestId}:release`)));
}

/** What cannot be held or let go shows at the order, and on the far side. */
async function orGoOn(done: Promise<unknown>): Promise<void> {
  await done.catch((error: unknown) => {
    if (!(error instanceof Failed)) throw error;
  });
}
