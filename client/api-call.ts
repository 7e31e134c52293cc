import type { z } from 'zod';
import { ProblemBody } from './http/shapes.ts';

export interface ApiClientSettings {
  /** Where the API is, as in `https://governor.example`. */
  readonly url: string;
  /** A key of the API, or a token of its issuer. */
  readonly key: string;
  /** How often a call is made again that could not be answered just now. */
  readonly retries?: number;
  readonly fetch?: typeof fetch;
}

/** The API said no; `problem` is what it said. */
export class ApiProblem extends Error {
  readonly problem: z.output<typeof ProblemBody>;

  constructor(problem: z.output<typeof ProblemBody>) {
    super(`${problem.title}: ${problem.detail}`);
    this.name = 'ApiProblem';
    this.problem = problem;
  }
}

/** What happens to a case, as it happens. */
export interface CaseEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

export type Open = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
  signal?: AbortSignal,
) => Promise<Response>;

/** The JSON of the answer, which the API's document promises to be a `T`. */
export type Ask = <T>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<T>;

/** Calls the API, and again where it says that it can't answer just now. */
export function caller({ url, key, retries = 4, fetch: call = fetch }: ApiClientSettings): { open: Open; ask: Ask } {
  const base = url.replace(/\/+$/, '');
  const open: Open = async (method, path, body, more = {}, signal) => {
    const said = body === undefined ? {} : { body: JSON.stringify(body) };
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${key}`, ...type, ...more };
    for (let left = retries; ; left--) {
      const answer = await call(`${base}${path}`, { method, headers, ...said, ...(signal ? { signal } : {}) });
      if (answer.ok) return answer;
      await unlessPassing(answer, left);
    }
  };
  const ask: Ask = async <T>(...call: Parameters<Ask>) => (await (await open(...call)).json()) as T;
  return { open, ask };
}

/** Waits as long as the API asks for, where asking again may help. Throws its problem where not. */
async function unlessPassing(answer: Response, left: number): Promise<void> {
  const problem = await problemIn(answer);
  const isPassing = answer.status === 429 || answer.status === 503;
  if (!isPassing || left <= 0) throw new ApiProblem(problem);
  await pause(Number(answer.headers.get('retry-after') ?? 1) * 1000);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Something between us and the API may have answered in its place. */
async function problemIn(answer: Response): Promise<z.output<typeof ProblemBody>> {
  const { status, statusText, url } = answer;
  const said = ProblemBody.safeParse(await answer.json().catch(() => undefined));
  const other = {
    type: 'about:blank',
    title: statusText || 'No answer',
    status,
    detail: `HTTP ${status}`,
    instance: url,
  };
  return said.success ? said.data : other;
}

/** Comes back by itself where a stream ends before the case does, with what it heard last. */
export async function* eventsOf(open: Open, path: string, signal?: AbortSignal): AsyncGenerator<CaseEvent> {
  let last: string | undefined;
  while (!signal?.aborted) {
    const headers: Record<string, string> = { accept: 'text/event-stream', ...(last ? { 'last-event-id': last } : {}) };
    const stream = (await open('GET', path, undefined, headers, signal)).body;
    for await (const event of readEvents(stream)) {
      last = event.id;
      yield event;
      if (event.event === 'end') return;
    }
  }
}

async function* readEvents(stream: Response['body']): AsyncGenerator<CaseEvent> {
  if (!stream) return;
  let text = '';
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventIn(block);
      if (event) yield event;
    }
  }
}

/** A block may be a comment, or how soon to come back. */
function eventIn(block: string): CaseEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    }),
  );
  const [event, id, data] = ['event', 'id', 'data'].map((name) => fields.get(name));
  return event && id && data ? { event, id, data: JSON.parse(data) } : undefined;
}
