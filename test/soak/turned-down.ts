import type { ServerResponse } from 'node:http';
import type { ProtocolName } from '../../outside/model-protocols.ts';
import { answer } from '../../outside/part.ts';

type Written = Readonly<Record<string, unknown>>;

/** How each provider says that it does not want to, in the midst of a whole answer. */
export const REFUSED: Readonly<Record<ProtocolName, (written: Written) => unknown>> = {
  messages: (written) => ({ ...written, content: [], stop_reason: 'refusal' }),
  chat: (written) => {
    const message = { role: 'assistant', content: null, refusal: 'No.' };
    return { ...written, choices: [{ index: 0, finish_reason: 'content_filter', message }] };
  },
};

const BUSY: Readonly<Record<ProtocolName, (tooMany: boolean) => unknown>> = {
  messages: (tooMany) => {
    const type = tooMany ? 'rate_limit_error' : 'overloaded_error';
    return { type: 'error', error: { type, message: 'Not now.' } };
  },
  chat: (tooMany) => {
    const type = tooMany ? 'rate_limit_exceeded' : 'server_error';
    return { error: { message: 'Not now.', type, code: null } };
  },
};

/** Turns a question away: 429 for too many, 529 for overloaded. */
export function turnAway(response: ServerResponse, protocol: ProtocolName, status: 429 | 529): void {
  answer(response, status, BUSY[protocol](status === 429), { 'retry-after': '1' });
}
