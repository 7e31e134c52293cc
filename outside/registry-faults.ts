import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { answer } from './part.ts';
import type { Check } from './registry.ts';
import type { DocumentRecord, Fault } from './world.ts';

const SLOW_SECONDS = 30;
const WAIT_SECONDS = 1;
const TOO_MANY_BYTES = 2_000_000;

type Misbehave = (check: Check, response: ServerResponse, fault: Fault) => Promise<void> | void;

/** How each kind of fault looks to whoever asks. */
const KINDS: Readonly<Record<Fault['kind'], Misbehave>> = {
  unavailable: (_, response) => answer(response, 503, { status: 'down' }),
  'rate-limited': (_, response, { seconds = WAIT_SECONDS }) =>
    answer(response, 429, { status: 'too many' }, { 'retry-after': String(seconds) }),
  rejects: (_, response) =>
    void response.writeHead(422, { 'content-type': 'text/plain' }).end('\u0000\u0007 %%GARBAGE%% {{{ not json'),
  garbage: (check, response) =>
    answer(response, 200, { ...check, checkedAt: 'yesterday, more or less', match: 'perhaps' }),
  truncated: (check, response) => {
    const text = JSON.stringify(check);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
    response.write(text.slice(0, text.length / 2), () => response.destroy());
  },
  'error-in-200': (_, response) => answer(response, 200, { error: { code: 'E-1042', text: 'internal' } }),
  slow: async (check, response, { seconds = SLOW_SECONDS }) => {
    await wait(seconds * 1000, undefined, { ref: false });
    answer(response, 200, check);
  },
  'too-large': (check, response) => answer(response, 200, { ...check, history: 'x'.repeat(TOO_MANY_BYTES) }),
};

/** Misbehaves about a document as often as its record says, and tells how; then never again. */
export function faultsOf(): (
  record: DocumentRecord,
  check: Check,
  response: ServerResponse,
) => Promise<Fault['kind'] | undefined> {
  const counts = new Map<string, number>();
  return async ({ number, fault }, check, response) => {
    const count = (counts.get(number) ?? 0) + 1;
    counts.set(number, count);
    if (!fault || (fault.times !== null && count > fault.times)) return undefined;
    const done = KINDS[fault.kind](check, response, fault);
    void Promise.resolve(done).catch(() => response.destroy());
    return fault.kind;
  };
}
