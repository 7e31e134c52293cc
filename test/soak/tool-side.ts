import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Tool } from '../../contracts/tool.ts';
import { tools } from '../../contracts/tools/index.ts';
import { serve } from '../../outside/part.ts';
import { Holds } from '../support/crash/holds.ts';
import { plainHeaders } from '../support/crash/tools-proxy.ts';
import type { Sprinkler } from './deck.ts';

/** What can go wrong on the way to the tools, and on the way back, when the tool has done its work. */
export const TOOL_FAULTS = ['timeout', 'reset', 'reset after', '503', 'truncated', 'error in 200'] as const;
export type ToolFault = (typeof TOOL_FAULTS)[number];

/** A call of a tool that has an effect, and who makes it. */
export interface EffectCall {
  readonly tool: string;
  readonly worker: string;
}

/** Stands between the workers and several tool servers, which it takes in turns. */
export interface ToolSide {
  /** What this worker's TOOLS_URL is set to. */
  urlFor(worker: string): string;
  /** Stops an effect before the tools hear of it; one that is never let go never reaches them. */
  readonly before: Holds<EffectCall>;
  /** Stops the answer when the effect is done. */
  readonly after: Holds<EffectCall>;
  stop(): Promise<void>;
}

const Message = z.object({ id: z.unknown(), method: z.literal('tools/call'), params: z.object({ name: z.string() }) });
type Message = z.output<typeof Message>;

/** Longer than any patience of a step. */
const SILENT_MS = 60_000;

export async function startToolSide(upstreams: readonly string[], faults: Sprinkler<ToolFault>): Promise<ToolSide> {
  const before = new Holds<EffectCall>();
  const after = new Holds<EffectCall>();
  let turn = 0;
  const upstream = (): string => {
    turn += 1;
    return upstreams[turn % upstreams.length] ?? '';
  };
  const relay = async ({ method = 'POST', headers }: IncomingMessage, body: string): Promise<Relayed> => {
    const answered = await fetch(upstream(), { method, headers: plainHeaders(headers), ...(body ? { body } : {}) });
    const { status, headers: answeredHeaders } = answered;
    return { status, headers: plainHeaders(Object.fromEntries(answeredHeaders)), said: await answered.text() };
  };
  const part = await serve({ host: '127.0.0.1', port: 0 }, async (request, response) => {
    const body = await text(request);
    const message = callIn(body);
    if (!message) return deliver(response, await relay(request, body));
    const fault = faults.next();
    const effect = effectOf(message, request);
    if (effect) await before.pass(effect);
    if (await spoiltBefore(response, fault)) return;
    const relayed = await relay(request, body);
    if (effect) await after.pass(effect);
    if (!spoiltAfter(response, fault, relayed, message)) deliver(response, relayed);
  });
  return { urlFor: (worker) => `${part.url}/${worker}/mcp`, before, after, stop: () => part.stop() };
}

interface Relayed {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly said: string;
}

const deliver = (response: ServerResponse, { status, headers, said }: Relayed): void =>
  void response.writeHead(status, headers).end(said);

function callIn(body: string): Message | undefined {
  const message = Message.safeParse(body ? JSON.parse(body) : undefined);
  return message.success ? message.data : undefined;
}

function effectOf({ params: { name } }: Message, { url = '' }: IncomingMessage): EffectCall | undefined {
  const [, worker = ''] = url.split('/');
  const tool = Object.values<Tool>(tools).find((each) => each.name === name);
  return tool?.kind === 'effect' ? { tool: name, worker } : undefined;
}

/** True where the tools never hear of the call. */
async function spoiltBefore(response: ServerResponse, fault: ToolFault | undefined): Promise<boolean> {
  if (fault === '503') response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"not now"}');
  else if (fault === 'reset') response.destroy();
  else if (fault === 'timeout') {
    const silence = wait(SILENT_MS, undefined, { ref: false });
    await Promise.race([silence, new Promise((gone) => response.once('close', gone))]);
    response.destroy();
  } else return false;
  return true;
}

/** True where the answer is lost or garbled, though the tool has done its work. */
function spoiltAfter(
  response: ServerResponse,
  fault: ToolFault | undefined,
  { said }: Relayed,
  { id }: Message,
): boolean {
  if (fault === 'reset after') response.destroy();
  else if (fault === 'truncated') {
    // Without a length this is a whole answer for whoever looks at HTTP alone.
    response.writeHead(200, { 'content-type': 'application/json' }).end(said.slice(0, said.length / 2));
  } else if (fault === 'error in 200') {
    const structuredContent = { error: { code: 'E-1042', message: 'internal' } };
    const result = { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  } else return false;
  return true;
}
