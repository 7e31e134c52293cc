import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { type AccessEnv, guard } from '../../client/http/access/guard.ts';
import { API_ROLES, type ApiRole, type Principal } from '../../client/http/access/principal.ts';
import { type Operation, reachOf, routeOf, visible } from '../../client/http/access/routes.ts';
import { frontDoor, OPERATIONS, pathOf } from '../support/access.ts';

/**
 * Who may do what, written down a second time, by hand: T the whole tenant, o the own cases, - nothing, in the order of
 * the roles viewer, requester, approver, operator, auditor, application, admin. `open` asks for no caller.
 */
const EXPECTED: Readonly<Record<Operation, string>> = {
  'cases.start': '-T-T-T-',
  'cases.list': 'ToTTToT',
  'cases.show': 'ToTTToT',
  'cases.result': 'ToTTToT',
  'cases.events': 'ToTTToT',
  'cases.timeline': 'ToTTToT',
  'cases.decisions': 'ToTTToT',
  'cases.cancel': '-o-T-oT',
  'approvals.list': 'ToTTT-T',
  'approvals.events': 'ToTTT-T',
  'approvals.show': 'ToTTT-T',
  'approvals.answer': '-oT----',
  'approvals.sign': '-oT----',
  'approvals.bulk': '--T----',
  'decisions.list': '--TTT-T',
  'releases.list': 'T-TTT-T',
  'releases.current': 'T-TTT-T',
  me: 'TTTTTTT',
  'webhooks.receive': 'open',
  'session.open': 'open',
  'session.end': 'open',
  'openapi.show': 'open',
  'health.show': 'open',
  'desk.show': 'open',
};
const LETTERS = { tenant: 'T', own: 'o', none: '-' } as const;
const letterOf = (role: ApiRole, operation: Operation): string => LETTERS[reachOf([role], operation) ?? 'none'];

const guarded = OPERATIONS.filter((operation) => !routeOf(operation).open);
const ofACase = guarded.filter((operation) => routeOf(operation).path.includes('{case}'));
const rows = guarded.flatMap((operation) =>
  API_ROLES.map((role, at) => [operation, role, EXPECTED[operation][at]] as const),
);

/** A door, and a way to call an operation with a key of these roles. */
async function doorFor(roles: readonly ApiRole[], person: string | undefined = 'ines.halvorsen') {
  const door = await frontDoor();
  const { key } = await door.key({ roles, person });
  const call = async (operation: Operation, id?: string): Promise<number> => {
    const { method } = routeOf(operation);
    return (await door.send(method, pathOf(operation, id), { authorization: `Bearer ${key}` })).status;
  };
  return { ...door, call };
}

describe('the table of who may do what (BA-87)', () => {
  it('has a row that was meant for every operation', () => {
    const rowOf = (operation: Operation): string =>
      routeOf(operation).open ? 'open' : API_ROLES.map((role) => letterOf(role, operation)).join('');
    expect(Object.fromEntries(OPERATIONS.map((operation) => [operation, rowOf(operation)]))).toEqual(EXPECTED);
    expect(OPERATIONS).toHaveLength(24);
  });

  it('is told in docs/access.md as it is', async () => {
    const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'access.md'), 'utf8');
    const cells = (line: string) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
    const lines = text.split('\n').filter((line) => /^\| (operation|me|[a-z]+\.[a-z]+) \|/.test(line));
    const told = guarded.map((operation) => {
      const { method, path, roles } = routeOf(operation);
      return [operation, `\`${method} ${path}\``, ...API_ROLES.map((role) => roles[role] ?? '–')];
    });
    expect(lines.map(cells)).toEqual([['operation', 'call', ...API_ROLES], ...told]);
  });

  it('lets nobody decide who may not be a person: programs, operators and admins answer nothing', () => {
    const deciding = ['approvals.answer', 'approvals.sign', 'approvals.bulk'] as const;
    for (const operation of deciding) {
      expect(routeOf(operation).person).toBe(true);
      expect(reachOf(['application', 'operator', 'admin', 'auditor', 'viewer'], operation)).toBeUndefined();
    }
  });

  it('grants no set of roles what none of them has, nor anything outside of it', () => {
    const anyRoles = fc.uniqueArray(
      fc.oneof(fc.constantFrom(...API_ROLES), fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString')),
    );
    fc.assert(
      fc.property(anyRoles, fc.constantFrom(...guarded), (roles, operation) => {
        const named = API_ROLES.filter((role) => roles.includes(role));
        const letters = named.map((role) => EXPECTED[operation][API_ROLES.indexOf(role)]);
        const most = letters.includes('T') ? 'tenant' : letters.includes('o') ? 'own' : undefined;
        expect(reachOf(roles as ApiRole[], operation)).toBe(most);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows no set of roles a case of another tenant', () => {
    const tenants = fc.constantFrom('north', 'south', 'default');
    fc.assert(
      fc.property(
        fc.subarray([...API_ROLES]),
        tenants,
        tenants,
        fc.constantFrom(...OPERATIONS),
        (roles, mine, theirs, operation) => {
          const me: Principal = { sub: 'ines.halvorsen', person: 'ines.halvorsen', tenant: mine, roles, via: 'key' };
          const isThere = visible(me, { tenant: theirs, startedBy: 'ines.halvorsen' }, operation);
          expect(isThere).toBe(mine === theirs && reachOf(roles, operation) !== undefined);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('at the door, every operation, each role, own and other (BA-87)', () => {
  it.each(API_ROLES)('%s gets what the table says', async (role) => {
    const { call, log } = await doorFor([role]);
    const mine = rows.filter(([, each]) => each === role);
    for (const [operation, , letter] of mine) {
      expect([operation, await call(operation)]).toEqual([operation, letter === '-' ? 403 : 200]);
    }
    expect(log).toHaveLength(mine.filter(([, , letter]) => letter === '-').length);
  });

  it.each(API_ROLES)(
    "%s sees no case of another tenant, and others' cases only where the table says so",
    async (role) => {
      const { call } = await doorFor([role]);
      for (const operation of ofACase) {
        const letter = letterOf(role, operation);
        const others = letter === 'T' ? 200 : letter === 'o' ? 404 : 403;
        expect([operation, await call(operation, 'theirs-1')]).toEqual([operation, others]);
        expect([operation, await call(operation, 'nobodys-1')]).toEqual([operation, others]);
        expect([operation, await call(operation, 'far-1')]).toEqual([operation, letter === '-' ? 403 : 404]);
      }
    },
  );

  it("answers for another tenant's case as for one that does not exist", async () => {
    const { send, key } = await frontDoor();
    const headers = { authorization: `Bearer ${(await key({ roles: [...API_ROLES] })).key}` };
    const [theirs, none] = [
      await send('GET', '/v1/cases/far-1', headers),
      await send('GET', '/v1/cases/none-1', headers),
    ];
    expect([theirs.status, await theirs.text()]).toEqual([none.status, await none.text()]);
    expect(theirs.status).toBe(404);
  });

  it.each(guarded)('%s is closed to whoever brings no credential', async (operation) => {
    const { send, log } = await frontDoor();
    const answer = await send(routeOf(operation).method, pathOf(operation));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 401, instance: pathOf(operation) });
    expect(log.map(({ fields }) => fields)).toMatchObject([{ event: 'denied', operation, status: 401 }]);
  });

  it('a key without a person answers nothing, whatever its roles', async () => {
    const { key, send } = await frontDoor();
    const headers = { authorization: `Bearer ${(await key({ roles: [...API_ROLES] })).key}` };
    for (const operation of ['approvals.answer', 'approvals.sign', 'approvals.bulk'] as const) {
      expect((await send('POST', pathOf(operation), headers)).status).toBe(403);
    }
    expect((await send('GET', '/v1/me', headers)).status).toBe(200);
  });

  it('a route is closed where finding out who calls was forgotten', async () => {
    const app = new Hono<AccessEnv>();
    app.get('/v1/me', guard('me'), (c) => c.json({}));
    expect((await app.request('/v1/me', { headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });

  it('open ones hold nothing of anybody', () => {
    const open = OPERATIONS.filter((operation) => routeOf(operation).open);
    expect(open).toEqual([
      'webhooks.receive',
      'session.open',
      'session.end',
      'openapi.show',
      'health.show',
      'desk.show',
    ]);
    for (const operation of open) expect(reachOf([...API_ROLES], operation)).toBeUndefined();
  });

  it('writes down who was denied what, and nothing of the credential or of a name', async () => {
    const { call, log, keysFile } = await doorFor(['viewer']);
    await call('approvals.bulk');
    const fields = log[0]?.fields;
    expect(fields).toMatchObject({
      event: 'denied',
      status: 403,
      why: 'no role that may',
      operation: 'approvals.bulk',
      via: 'key',
      tenant: 'north',
    });
    expect(fields?.['caller']).toMatch(/^[0-9a-f]{12}$/);
    expect(fields?.['keyId']).toMatch(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(log)).not.toMatch(/gov_|ines|halvorsen/);
    expect(JSON.stringify(log)).not.toContain(keysFile);
  });
});
