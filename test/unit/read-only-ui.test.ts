import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveReadOnlyUi, type UiServing } from '../../workers/read-only-ui.ts';

describe('the Web UI that is published', () => {
  const seen: string[] = [];
  let upstream: Server;
  let ui: UiServing;
  const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${ui.port}${path}`, init);

  beforeAll(async () => {
    upstream = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${body}`.trim());
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ DisableWriteActions: false, Version: '2.54.1' }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => upstream.once('listening', resolve));
    const { port } = upstream.address() as AddressInfo;
    ui = await serveReadOnlyUi({ host: '127.0.0.1', port: 0, upstream: `http://127.0.0.1:${port}` });
  });
  afterAll(async () => {
    await ui.close();
    upstream.close();
  });
  beforeEach(() => {
    seen.length = 0;
  });

  it('shows everything', async () => {
    expect((await ask('/api/v1/namespaces/default/workflows?query=x')).status).toBe(200);
    expect((await ask('/', { method: 'HEAD' })).status).toBe(200);
    expect(seen).toEqual(['GET /api/v1/namespaces/default/workflows?query=x', 'HEAD /']);
  });

  it('asks runs what they say', async () => {
    const path = '/api/v1/namespaces/default/workflows/case-1/query/status';
    expect((await ask(path, { method: 'POST', body: '{"a":1}' })).status).toBe(200);
    expect(seen).toEqual([`POST ${path} {"a":1}`]);
  });

  it('tells its page to draw no buttons (CD-74)', async () => {
    const answer = await ask('/api/v1/settings');
    expect(await answer.json()).toEqual({ DisableWriteActions: true, Version: '2.54.1' });
  });

  it.each([
    ['POST', '/api/v1/namespaces/default/workflows/case-1/terminate'],
    ['POST', '/api/v1/namespaces/default/workflows/case-1/signal/answer'],
    ['POST', '/api/v1/namespaces/default/workflows/case-1/update/answer'],
    ['POST', '/api/v1/namespaces/default/workflows/case-1'],
    ['PUT', '/api/v1/namespaces/default/workflows/case-1/query/status'],
    ['PATCH', '/api/v1/namespaces/default'],
    ['DELETE', '/api/v1/namespaces/default/schedules/one'],
    ['OPTIONS', '/api/v1/namespaces'],
  ])('does not let %s %s through', async (method, path) => {
    expect((await ask(path, { method })).status).toBe(403);
    expect(seen).toEqual([]);
  });

  it.each([
    '/api/v1/namespaces/default/workflows/case-1/query/../terminate',
    '/api/v1/namespaces/default/workflows/case-1/query/%2e%2e%2fterminate',
    '/api/v1/namespaces/default/workflows/case-1/query/x/../../terminate',
    '/api/v1/namespaces/default/workflows/case-1/terminate?/query/status',
  ])('is not talked round by %s', async (path) => {
    // fetch would tidy the path up before it sends it.
    const answer = await raw(
      ui.port,
      `POST ${path} HTTP/1.1\r\nHost: ui\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(seen).toEqual([]);
  });

  it.each(['//127.0.0.1:1/x', 'http://127.0.0.1:1/x'])('leads to no other machine by %s', async (path) => {
    const answer = await raw(ui.port, `GET ${path} HTTP/1.1\r\nHost: ui\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toEqual([`GET ${path}`]);
  });

  it('says so where the Web UI is away', async () => {
    const away = await serveReadOnlyUi({ host: '127.0.0.1', port: 0, upstream: 'http://127.0.0.1:1' });
    try {
      expect((await fetch(`http://127.0.0.1:${away.port}/`)).status).toBe(502);
    } finally {
      await away.close();
    }
  });
});

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}
