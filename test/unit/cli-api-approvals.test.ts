import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { openApiApprovals } from '../../client/cli/api-approvals.ts';
import { NotOpen } from '../../client/cli/approval-desk.ts';
import { Refused } from '../../client/cli/words.ts';
import { fullRequest } from '../support/full-request.ts';

const KEY = 'gov_0123456789ab_not-to-be-seen';
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: unknown;
}

/** An API that answers as the test says, and what it was asked. */
async function api(answers: Readonly<Record<string, readonly [status: number, body: unknown]>>) {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const body = await text(request);
    const { method = '', url: path = '', headers } = request;
    seen.push({ method, path, key: headers.authorization, body: body ? JSON.parse(body) : undefined });
    const [status, answer] = answers[`${method} ${path}`] ?? [404, { title: 'Not found', detail: 'No such thing.' }];
    response.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, desk: openApiApprovals({ url, key: KEY }), url };
}

const PATH = '/v1/approvals/my%20case/createAccount-1';
const decided = { case: 'my case', request: fullRequest(), said: { verdict: 'approve', reason: 'fine' } } as const;

describe('approvals by the API', () => {
  it('reads every page of the list with our key', async () => {
    const row = { case: 'a', approval: 'b' };
    const { desk, seen } = await api({
      'GET /v1/approvals?limit=200': [200, { approvals: [row], next: 'x=1' }],
      'GET /v1/approvals?limit=200&cursor=x%3D1': [200, { approvals: [{ ...row, case: 'c' }] }],
    });
    expect((await desk.list()).map((each) => each.case)).toEqual(['a', 'c']);
    expect(seen.map(({ key }) => key)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  it('sends what was said with the whole digest, and no name: the API knows whose key it is', async () => {
    const { desk, seen } = await api({ [`POST ${PATH}/answers`]: [200, { accepted: true }] });
    expect(await desk.answer(decided)).toEqual({ accepted: true });
    expect(seen[0]?.body).toEqual({ verdict: 'approve', reason: 'fine', digest: decided.request.digest });
  });

  it('gives the command that the API has signed', async () => {
    const { desk } = await api({
      [`POST ${PATH}/signature`]: [200, { token: 't', command: 'temporal workflow signal' }],
    });
    expect(await desk.sign(decided)).toBe('temporal workflow signal');
  });

  it('hears who was first', async () => {
    const problem = { detail: 'already decided by ruth', decidedBy: 'ruth' };
    const { desk } = await api({ [`POST ${PATH}/answers`]: [409, problem] });
    expect(await desk.answer(decided)).toEqual({ accepted: false, why: 'already decided by ruth', decidedBy: 'ruth' });
  });

  it('hears who decided a request that is gone, by an answer to nothing', async () => {
    const { desk, seen } = await api({
      [`GET ${PATH}`]: [404, { detail: 'It is not open.' }],
      [`POST ${PATH}/answers`]: [409, { detail: 'already decided by ruth', decidedBy: 'ruth' }],
    });
    await expect(desk.show('my case', 'createAccount-1')).rejects.toBeInstanceOf(NotOpen);
    expect(await desk.tooLate('my case', 'createAccount-1')).toBe('already decided by ruth');
    expect(seen[1]?.body).toMatchObject({ digest: '0'.repeat(64) });
  });

  it.each<[what: string, status: number, body: unknown, told: RegExp]>([
    ['a problem', 403, { title: 'Forbidden', detail: 'You may not. Ask somebody.' }, /^You may not\. Ask somebody\.$/],
    ['a page of a proxy', 502, '<html>', /^The API answered with 502\.$/],
    ['something else', 200, { hello: 1 }, /is not this API/],
    ['a way to elsewhere', 302, {}, /^No API answers at /],
  ])('tells %s in words, without our key', async (_, status, body, told) => {
    const { desk } = await api({ [`GET ${PATH}`]: [status, body] });
    const error = await desk.show('my case', 'createAccount-1').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Refused);
    expect((error as Error).message).toMatch(told);
    expect((error as Error).message).not.toContain(KEY);
  });

  it('tells that nothing answers', async () => {
    const desk = openApiApprovals({ url: 'http://127.0.0.1:1', key: KEY });
    await expect(desk.list()).rejects.toThrow('No API answers at http://127.0.0.1:1. Look at GOVERNOR_API_URL.');
  });
});
