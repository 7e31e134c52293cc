import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { answer } from '../../outside/part.ts';

/** The first provider, and the endpoint that stands in for it. */
export type ProviderName = 'anthropic' | 'compatible';

interface Question {
  readonly model: string;
  readonly system: string;
  readonly user: string;
}

interface Answer {
  readonly id: number;
  readonly model: string;
  readonly text: string;
  readonly refused: boolean;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
}

/** How a provider is spoken to. */
interface Protocol {
  /** What the house's address for it ends with. */
  readonly path: string;
  read(body: unknown): Question;
  write(answer: Answer): unknown;
  /** Turns a question away: too many, or overloaded. */
  refuse(response: ServerResponse, status: number): void;
}

const Messages = z.object({
  model: z.string(),
  system: z.string(),
  messages: z.tuple([z.object({ role: z.literal('user'), content: z.string() })]),
});
const Completions = z.object({
  model: z.string(),
  messages: z.tuple([
    z.object({ role: z.literal('system'), content: z.string() }),
    z.object({ role: z.literal('user'), content: z.string() }),
  ]),
});

export const PROTOCOLS: Readonly<Record<ProviderName, Protocol>> = {
  anthropic: {
    path: '',
    read: (body) => {
      const { model, system, messages } = Messages.parse(body);
      return { model, system, user: messages[0].content };
    },
    write: ({ id, model, text, refused, usage }) => ({
      id: `msg_${id}`,
      type: 'message',
      role: 'assistant',
      model,
      content: refused ? [] : [{ type: 'text', text }],
      stop_reason: refused ? 'refusal' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens },
    }),
    refuse: (response, status) => {
      const type = status === 429 ? 'rate_limit_error' : 'overloaded_error';
      answer(response, status, { type: 'error', error: { type, message: 'Not now.' } }, { 'retry-after': '1' });
    },
  },
  compatible: {
    path: '/v1',
    read: (body) => {
      const { model, messages } = Completions.parse(body);
      return { model, system: messages[0].content, user: messages[1].content };
    },
    write: ({ id, model, text, refused, usage }) => ({
      id: `chat-${id}`,
      object: 'chat.completion',
      created: 0,
      model,
      choices: [
        {
          index: 0,
          finish_reason: refused ? 'content_filter' : 'stop',
          message: { role: 'assistant', content: refused ? null : text, refusal: refused ? 'No.' : null },
        },
      ],
      usage: {
        prompt_tokens: usage.inputTokens,
        completion_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
      },
    }),
    refuse: (response, status) => {
      const error = { message: 'Not now.', type: status === 429 ? 'rate_limit_exceeded' : 'server_error', code: null };
      answer(response, status, { error }, { 'retry-after': '1' });
    },
  },
};
