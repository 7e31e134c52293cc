import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { openAccess } from '../../client/http/access/access.ts';
import { type AccessEnv, callerOf, guard } from '../../client/http/access/guard.ts';
import type { IssuerSettings } from '../../client/http/access/issuer.ts';
import { addKey, type NewKey } from '../../client/http/access/keys.ts';
import { addressOf } from '../../client/http/access/origin.ts';
import { type Operation, ROUTES, routeOf, visible } from '../../client/http/access/routes.ts';

export const ORIGIN = 'http://127.0.0.1:7300';
export const DESK = { origin: ORIGIN, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

export const OPERATIONS = Object.keys(ROUTES) as Operation[];

/** Cases by id, as an API would find them in Temporal. */
const CASES: Readonly<Record<string, { tenant: string; startedBy?: string }>> = {
  'own-1': { tenant: 'north', startedBy: 'ines.halvorsen' },
  'theirs-1': { tenant: 'north', startedBy: 'tomas.okonjo' },
  'nobodys-1': { tenant: 'north' },
  'far-1': { tenant: 'south', startedBy: 'ines.halvorsen' },
};

interface Wanted {
  readonly issuer?: IssuerSettings;
  readonly publicUrl?: string;
  readonly host?: string;
  readonly takesEmbedded?: boolean;
}

export async function keysFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'access-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** An API of the table's routes, whose only answer is that the caller got in; a case that is not theirs is not there. */
export async function frontDoor({ issuer, publicUrl = ORIGIN, host = '127.0.0.1', takesEmbedded }: Wanted = {}) {
  const keysFile = join(await keysFolder(), 'api-keys.json');
  const clock = { at: Date.parse('2026-03-02T09:00:00Z') };
  const log: { fields: Readonly<Record<string, unknown>>; words: string }[] = [];
  const access = openAccess({
    keysFile,
    issuer,
    address: addressOf(publicUrl, host, Number(new URL(publicUrl).port || 443)),
    takesEmbedded: takesEmbedded ?? false,
    log: { warn: (fields, words) => log.push({ fields, words }) },
    now: () => clock.at,
  });
  const app = new Hono<AccessEnv>();
  access.mount(app);
  for (const operation of OPERATIONS) serve(app, operation);
  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    app.request(`${publicUrl}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  return {
    app,
    access,
    clock,
    keysFile,
    log,
    send,
    key: async (wanted: Partial<NewKey>) =>
      addKey(keysFile, { name: 'test', tenant: 'north', roles: ['approver'], days: 30, ...wanted }, clock.at),
    /** The cookie that a browser would send back. */
    signIn: async (key: string, cookie = '') => {
      const answer = await send('POST', '/desk/session', { ...DESK, cookie }, JSON.stringify({ key }));
      return { answer, cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
    },
  };
}

/** A door, and a person who has signed in at the desk. */
export async function signedIn(wanted: Wanted = {}) {
  const door = await frontDoor(wanted);
  const made = await door.key({ roles: ['requester', 'approver'], person: 'darius.wren' });
  const { answer, cookie } = await door.signIn(made.key);
  const me = async (sent = cookie) => (await door.send('GET', '/v1/me', { cookie: sent })).status;
  const signOut = (sent = cookie) => door.send('DELETE', '/desk/session', { ...DESK, cookie: sent });
  return { ...door, ...made, answer, cookie, me, signOut };
}

/** Where an operation is called, for one case. */
export const pathOf = (operation: Operation, id = 'own-1'): string =>
  routeOf(operation)
    .path.replace('{case}', id)
    .replaceAll(/\{\w+\}/g, 'x');

function serve(app: Hono<AccessEnv>, operation: Operation): void {
  const { method, path } = routeOf(operation);
  if (operation.startsWith('session.')) return;
  app.on(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), guard(operation), (c) => {
    const id = c.req.param('case');
    const owner = id === undefined ? undefined : CASES[id];
    if (id !== undefined && !(owner && visible(callerOf(c), owner, operation))) return c.notFound();
    return c.json({ operation });
  });
}
