import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';

export interface HttpSettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Without it whoever reaches the port may call. */
  readonly token?: string | undefined;
}

export interface HttpServing {
  readonly url: string;
  /** Takes no new call, lets those that run finish, and resolves. */
  drain(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** Serves MCP on `/mcp`, for clients of this and of last year's protocol, and `GET /health`. */
export async function serveHttp(build: McpServerFactory, settings: HttpSettings): Promise<HttpServing> {
  const mcp = createMcpHandler(build);
  const handle = toNodeHandler(mcp);
  const mayEnter = doorkeeper(settings);
  const server = createServer((request, response) => {
    if (request.url === '/health') return reply(response, 200, { status: 'ok' });
    if (!mayEnter(request, response)) return;
    if (request.url?.split('?')[0] !== '/mcp') return reply(response, 404, { error: 'not found' });
    // A request that a server hands out always has both.
    void handle(request as IncomingMessage & { method: string; url: string }, response);
  });
  await listening(server, settings);
  const { port } = server.address() as AddressInfo;
  const drain = async () => {
    await drained(server);
    await mcp.close();
  };
  return { url: `http://${settings.host}:${port}/mcp`, drain };
}

/** A page in a browser must not reach a loopback port, and nobody gets in without the token where there is one. */
function doorkeeper({ host, token }: HttpSettings): (request: IncomingMessage, response: ServerResponse) => boolean {
  const guards = LOOPBACK.includes(host) ? [localhostHostValidation(), localhostOriginValidation()] : [];
  return (request, response) => {
    if (!guards.every((guard) => guard(request, response))) return false;
    if (token === undefined || sameSecret(request.headers.authorization ?? '', `Bearer ${token}`)) return true;
    response.setHeader('www-authenticate', 'Bearer');
    reply(response, 401, { error: 'a bearer token is needed' });
    return false;
  };
}

const sameSecret = (left: string, right: string): boolean => timingSafeEqual(hashed(left), hashed(right));
const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();

function reply(response: ServerResponse, status: number, body: Record<string, unknown>): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const listening = (server: Server, { host, port }: HttpSettings): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });

function drained(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive becomes idle only when its last answer is out.
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}
