import { z } from 'zod';

export type ProtocolName = 'messages' | 'chat';

interface Question {
  readonly model: string;
  readonly system: string;
  readonly user: string;
}

interface Answer {
  readonly model: string;
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** How a provider is asked, and how it answers. */
interface Protocol {
  /** @throws where somebody asks in another way than this house does */
  read(body: unknown): Question;
  write(answer: Answer): Record<string, unknown>;
}

const Messages = z.object({
  model: z.string(),
  system: z.string(),
  messages: z.tuple([z.object({ role: z.literal('user'), content: z.string() })]),
});
const Chat = z.object({
  model: z.string(),
  messages: z.tuple([
    z.object({ role: z.literal('system'), content: z.string() }),
    z.object({ role: z.literal('user'), content: z.string() }),
  ]),
});

/** Anthropic's messages, and the chat completions of OpenAI and of whoever is compatible. */
export const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  messages: {
    read: (body) => {
      const { model, system, messages } = Messages.parse(body);
      return { model, system, user: messages[0].content };
    },
    write: ({ model, text, inputTokens, outputTokens }) => ({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model,
      content: [{ type: 'text', text }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: inputTokens, output_tokens: outputTokens },
    }),
  },
  chat: {
    read: (body) => {
      const { model, messages } = Chat.parse(body);
      return { model, system: messages[0].content, user: messages[1].content };
    },
    write: ({ model, text, inputTokens, outputTokens }) => ({
      id: 'chat-1',
      object: 'chat.completion',
      created: 0,
      model,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
      usage: {
        prompt_tokens: inputTokens,
        completion_tokens: outputTokens,
        total_tokens: inputTokens + outputTokens,
      },
    }),
  },
};
