import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { PROTOCOLS, type ProtocolName } from './model-protocols.ts';
import { answer, type Part, serve } from './part.ts';

/** One question that reached a provider of models, as the provider's own books have it. */
export interface ModelAsk {
  readonly model: string;
  /** Who asked, by the key that came along. */
  readonly key: string;
  /** What whoever answered took it for. */
  readonly topic: string;
  /** There when the whole answer has gone out. No two answers in one set of books used the same. */
  billed?: { readonly inputTokens: number; readonly outputTokens: number };
}

/** Whatever answers: it knows what the question tells it and nothing else. */
export type Mind = (system: string, user: string) => { readonly topic: string; readonly value: unknown };

export interface ModelProvider {
  readonly url: string;
  /** Nobody listens there any more, and every connection that was open is gone. */
  cut(): Promise<void>;
  /** Listens again, at the same address. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

export interface ModelProviderSettings {
  readonly protocol: ProtocolName;
  readonly mind: Mind;
  /** Each question is written down here; several providers may share them. */
  readonly books: ModelAsk[];
  /** Done when an answer may go out. */
  readonly pause: () => Promise<unknown>;
}

const HOST = '127.0.0.1';
/** A usual length of a token, in characters. */
const TOKEN = 4;

/** A provider of models on this machine: it speaks the protocol of a real one, and can be cut off. */
export async function startModelProvider(settings: ModelProviderSettings): Promise<ModelProvider> {
  const open = (port: number): Promise<Part> =>
    serve({ host: HOST, port }, async (request, response) => {
      const protocol = PROTOCOLS[settings.protocol];
      const { model, system, user } = protocol.read(await json(request));
      const { topic, value } = settings.mind(system, user);
      const ask: ModelAsk = { model, key: keyOf(request), topic };
      settings.books.push(ask);
      await settings.pause();
      if (request.socket.destroyed) return;
      const text = JSON.stringify(value);
      const usage = unlike(settings.books, {
        inputTokens: Math.ceil((system.length + user.length) / TOKEN),
        outputTokens: Math.ceil(text.length / TOKEN),
      });
      ask.billed = usage;
      answer(response, 200, protocol.write({ model, text, ...usage }));
    });
  let part = await open(0);
  const { url } = part;
  return {
    url,
    cut: () => part.stop(),
    restore: async () => {
      part = await open(Number(new URL(url).port));
    },
    stop: () => part.stop(),
  };
}

/** By its usage an answer is found again wherever somebody has booked it. */
function unlike(books: readonly ModelAsk[], usage: NonNullable<ModelAsk['billed']>): NonNullable<ModelAsk['billed']> {
  const isTaken = books.some(
    ({ billed }) => billed?.inputTokens === usage.inputTokens && billed.outputTokens === usage.outputTokens,
  );
  return isTaken ? unlike(books, { ...usage, inputTokens: usage.inputTokens + 1 }) : usage;
}

const keyOf = ({ headers }: IncomingMessage): string =>
  String(headers['x-api-key'] ?? headers.authorization ?? '').replace('Bearer ', '');
