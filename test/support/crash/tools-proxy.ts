import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { serve } from '../../../outside/part.ts';
import { Holds } from './holds.ts';

/** One call of a tool on its way to the tools, or its answer on the way back. */
export interface ToolCall {
  readonly tool: string;
  /** The request as it came over the wire. */
  readonly body: string;
  readonly at: number;
}

export interface ToolsProxy {
  /** What a worker's TOOLS_URL is set to. */
  readonly url: string;
  readonly calls: ToolCall[];
  /** Stops a call before the tools hear of it; one that is never let go never reaches them. */
  readonly before: Holds<ToolCall>;
  /** Stops an answer when the tools have done their work. */
  readonly after: Holds<ToolCall>;
  /** Takes each answer. */
  onAnswer: (call: ToolCall, answer: string) => void;
  stop(): Promise<void>;
}

const Message = z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string() }) });
/** Headers that belong to one connection. */
const OWN = ['host', 'connection', 'content-length', 'transfer-encoding', 'content-encoding', 'keep-alive'];

/** Stands between workers and tools, and changes nothing of what they say. */
export async function startToolsProxy(upstream: string): Promise<ToolsProxy> {
  const calls: ToolCall[] = [];
  const part = await serve({ host: '127.0.0.1', port: 0 }, async (request, response) => {
    const body = await text(request);
    const call = callIn(body);
    if (call) {
      calls.push(call);
      await proxy.before.pass(call);
    }
    const headers = plainHeaders(request.headers);
    const answered = await fetch(upstream, { method: request.method ?? 'POST', headers, ...(body ? { body } : {}) });
    const said = await answered.text();
    if (call) {
      proxy.onAnswer(call, said);
      await proxy.after.pass(call);
    }
    response.writeHead(answered.status, plainHeaders(Object.fromEntries(answered.headers))).end(said);
  });
  const proxy: ToolsProxy = {
    url: `${part.url}/mcp`,
    calls,
    before: new Holds<ToolCall>(),
    after: new Holds<ToolCall>(),
    onAnswer: () => undefined,
    stop: () => part.stop(),
  };
  return proxy;
}

function callIn(body: string): ToolCall | undefined {
  const message = Message.safeParse(body ? JSON.parse(body) : undefined);
  return message.success ? { tool: message.data.params.name, body, at: Date.now() } : undefined;
}

/** Without those that belong to one connection. */
export const plainHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      OWN.includes(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
