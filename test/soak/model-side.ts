import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { PROTOCOLS, type ProtocolName } from '../../outside/model-protocols.ts';
import { type Part, serve } from '../../outside/part.ts';
import { agentOf, rehearse } from '../support/crash/rehearsed-answer.ts';
import { type Bill, billOf, UniqueUsage } from './bill.ts';
import type { Sprinkler } from './deck.ts';
import { REFUSED, turnAway } from './turned-down.ts';

/** What a provider can do wrong, as seen on its wire. */
export const MODEL_FAULTS = ['429', '529', 'stall', 'cut off', 'malformed', 'refusal'] as const;
export type ModelFault = (typeof MODEL_FAULTS)[number];

/** One question as the provider's own log has it. */
export interface ModelAsk {
  readonly id: number;
  readonly provider: ProtocolName;
  readonly model: string;
  readonly agent: string;
  readonly fault?: ModelFault;
  /** What is charged for it; nothing where it was turned away. */
  readonly bill?: Bill;
}

/** What is said to a question, and how it is written down. */
interface Said {
  readonly noted: Omit<ModelAsk, 'provider'>;
  readonly text?: string;
}

type Question = ReturnType<(typeof PROTOCOLS)[ProtocolName]['read']>;

/** Two providers, each over its own protocol, who keep a log, charge for what they answer, and have bad days. */
export interface ModelSide {
  urlOf(provider: ProtocolName): string;
  readonly asks: readonly ModelAsk[];
  /** Nobody can reach the provider, until `restore`. */
  cut(provider: ProtocolName): Promise<void>;
  restore(provider: ProtocolName): Promise<void>;
  stop(): Promise<void>;
}

/** Answers that never come are ended when the run is over. */
const FOR_EVER_MS = 600_000;

/** @param latencyMs how long an answer takes */
export async function startModelSide(faults: Sprinkler<ModelFault>, latencyMs: () => number): Promise<ModelSide> {
  const asks: ModelAsk[] = [];
  const usages = new UniqueUsage();
  const parts = new Map<ProtocolName, Part>();

  const answerTo = ({ model, system, user }: Question, fault: ModelFault | undefined): Said => {
    const agent = agentOf(system);
    const noted = { id: asks.length + 1, model, agent: agent.name, ...(fault ? { fault } : {}) };
    if (fault === '429' || fault === '529') return { noted };
    const text = fault === 'malformed' ? 'As you wish.' : JSON.stringify(rehearse(agent, user, noted.id));
    return {
      noted: { ...noted, bill: billOf(model, usages.next(model, system.length + user.length, text.length)) },
      text,
    };
  };
  const handlerOf = (provider: ProtocolName) => async (request: IncomingMessage, response: ServerResponse) => {
    const question = PROTOCOLS[provider].read(await json(request));
    const { noted, text = '' } = answerTo(question, faults.next());
    asks.push({ ...noted, provider });
    const { bill, fault, model } = noted;
    if (!bill) return turnAway(response, provider, fault === '429' ? 429 : 529);
    await wait(latencyMs());
    const written = PROTOCOLS[provider].write({ model, text, ...bill });
    return send(response, fault === 'refusal' ? REFUSED[provider](written) : written, fault);
  };
  const open = async (provider: ProtocolName, port: number): Promise<void> =>
    void parts.set(provider, await serve({ host: '127.0.0.1', port }, handlerOf(provider)));
  for (const provider of Object.keys(PROTOCOLS) as ProtocolName[]) await open(provider, 0);
  const addresses = new Map([...parts].map(([provider, { url }]) => [provider, url]));
  const portOf = (provider: ProtocolName): number => Number(new URL(addresses.get(provider) ?? '').port);

  return {
    urlOf: (provider) => addresses.get(provider) ?? '',
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
