import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Offered } from '../../tools/offer.ts';
import { serverFactory } from '../../tools/server.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface SwappableServer {
  readonly url: string;
  /** From now on requests go to this one, as after a deploy. */
  become(handler: Handler): void;
  stop(): Promise<void>;
}

/** One address behind which the server can be replaced. */
export async function swappable(first: Handler): Promise<SwappableServer> {
  let handler = first;
  const server = createServer((request, response) => handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    become: (next) => {
      handler = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Our tools behind this year's SDK. */
export function newServer(offered: readonly Offered[]): Handler {
  const handle = toNodeHandler(createMcpHandler(serverFactory(offered)));
  return (request, response) => void handle(request as IncomingMessage & { method: string; url: string }, response);
}

type Said = {
  content: { type: 'text'; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
  _meta?: Record<string, unknown>;
};

/** A server of last year's SDK, with sessions, that answers every call by `answer`. */
export function oldServer(
  tools: readonly string[],
  answer: (name: string, args: unknown, meta: Record<string, unknown>) => Promise<Said>,
): Handler {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const open = async (): Promise<StreamableHTTPServerTransport> => {
    const server = new Server({ name: 'old', version: '1' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, async () => ({
      tools: tools.map((name) => ({ name, inputSchema: { type: 'object' as const } })),
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => ({
      ...(await answer(params.name, params.arguments, params._meta ?? {})),
    }));
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await server.connect(transport as Parameters<typeof server.connect>[0]);
    return transport;
  };
  return async (request, response) => {
    const body = request.method === 'POST' ? await json(request) : undefined;
    const known = sessions.get(String(request.headers['mcp-session-id'] ?? ''));
    if (request.headers['mcp-session-id'] && !known) return void response.writeHead(404).end();
    await (known ?? (await open())).handleRequest(request, response, body);
  };
}
