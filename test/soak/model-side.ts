import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type Part, serve } from '../../outside/part.ts';
import { agentOf, rehearse } from '../support/crash/rehearsed-answer.ts';
import { type Bill, billOf, UniqueUsage } from './bill.ts';
import type { Sprinkler } from './deck.ts';
import { PROTOCOLS, type ProviderName } from './protocols.ts';

/** What a provider can do wrong, as seen on its wire. */
export const MODEL_FAULTS = ['429', '529', 'stall', 'cut off', 'malformed', 'refusal'] as const;
export type ModelFault = (typeof MODEL_FAULTS)[number];

/** One question as the provider's own log has it. */
export interface ModelAsk {
  readonly id: number;
  readonly provider: ProviderName;
  readonly model: string;
  readonly agent: string;
  readonly fault?: ModelFault;
  /** What is charged for it; nothing where it was turned away. */
  readonly bill?: Bill;
}

/** Two providers, each over its own protocol, who keep a log, charge for what they answer, and have bad days. */
export interface ModelSide {
  urlOf(provider: ProviderName): string;
  readonly asks: readonly ModelAsk[];
  /** Nobody can reach the provider, until `restore`. */
  cut(provider: ProviderName): Promise<void>;
  restore(provider: ProviderName): Promise<void>;
  stop(): Promise<void>;
}

/** Answers that never come are ended when the run is over. */
const FOR_EVER_MS = 600_000;

/** @param latencyMs how long an answer takes */
export async function startModelSide(faults: Sprinkler<ModelFault>, latencyMs: () => number): Promise<ModelSide> {
  const asks: ModelAsk[] = [];
  const usages = new UniqueUsage();
  const parts = new Map<ProviderName, Part>();

  const handlerOf = (provider: ProviderName) => async (request: IncomingMessage, response: ServerResponse) => {
    const { read, write, refuse } = PROTOCOLS[provider];
    const { model, system, user } = read(await json(request));
    const agent = agentOf(system);
    const id = asks.length + 1;
    const fault = faults.next();
    const text = fault === 'malformed' ? 'As you wish.' : JSON.stringify(rehearse(agent, user, id));
    const noted = { id, provider, model, agent: agent.name, ...(fault ? { fault } : {}) };
    if (fault === '429' || fault === '529') {
      asks.push(noted);
      return refuse(response, Number(fault));
    }
    const bill = billOf(model, usages.next(model, system.length + user.length, text.length));
    asks.push({ ...noted, bill });
    await wait(latencyMs());
    const body = write({ id, model, text, refused: fault === 'refusal', usage: bill });
    return send(response, body, fault);
  };
  const open = async (provider: ProviderName, port: number): Promise<void> =>
    void parts.set(provider, await serve({ host: '127.0.0.1', port }, handlerOf(provider)));
  for (const provider of Object.keys(PROTOCOLS) as ProviderName[]) await open(provider, 0);
  const addresses = new Map([...parts].map(([provider, { url }]) => [provider, url]));
  const portOf = (provider: ProviderName): number => Number(new URL(addresses.get(provider) ?? '').port);

  return {
    urlOf: (provider) => `${addresses.get(provider)}${PROTOCOLS[provider].path}`,
    asks,
    cut: async (provider) => {
      const part = parts.get(provider);
      parts.delete(provider);
      await part?.stop();
    },
    restore: async (provider) => {
      if (!parts.has(provider)) await open(provider, portOf(provider));
    },
    stop: async () => {
      await Promise.all([...parts.values()].map((part) => part.stop()));
    },
  };
}

async function send(response: ServerResponse, body: unknown, fault: ModelFault | undefined): Promise<void> {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  if (fault !== 'stall' && fault !== 'cut off') return void response.end(text);
  response.write(text.slice(0, text.length / 2));
  if (fault === 'cut off') {
    // What was written has to have left, or nobody sees the beginning of an answer.
    await wait(20);
    return void response.destroy();
  }
  await Promise.race([
    new Promise((gone) => response.once('close', gone)),
    wait(FOR_EVER_MS, undefined, { ref: false }),
  ]);
}
