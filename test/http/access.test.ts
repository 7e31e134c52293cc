import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addKey } from '../../client/http/access/keys.ts';
import { API_ROLES, type ApiRole } from '../../client/http/access/principal.ts';
import { type Operation, ROUTES, reachOf, routeOf } from '../../client/http/access/routes.ts';
import { onboarding } from '../support/cases.ts';
import { type HttpRig, startHttpRig, waitingCase } from '../support/http-rig.ts';

const NOT_ALLOWED = 'Your roles do not allow this';
const GUARDED = (Object.keys(ROUTES) as Operation[]).filter((operation) => !routeOf(operation).open);
const OF_A_CASE = GUARDED.filter((operation) => routeOf(operation).path.includes('{case}'));

interface Waiting {
  readonly id: string;
  readonly request: { readonly approval: string; readonly digest: string };
}

let rig: HttpRig;
let case1: Waiting;
/** The tenant of the case, and another one. */
let north: string;
let south: string;
beforeAll(async () => {
  rig = await startHttpRig();
  case1 = await waitingCase(rig);
  const tenantOf = async (who: string) =>
    ((await (await rig.call(who, 'GET', '/v1/me')).json()) as { tenant: string }).tenant;
  [north, south] = [await tenantOf('carla'), await tenantOf('far')];
});
afterAll(() => rig.stop());

/** Calls an operation on a case, with all that it takes, as a stranger of these roles. */
async function callerOf(roles: readonly ApiRole[], tenant: string, person = 'stranger') {
  const { key } = await addKey(rig.keysFile, { name: 'matrix', tenant, roles, person, days: 1 });
  const send = async (operation: Operation, { id, request }: Waiting) => {
    const { method, path } = routeOf(operation);
    const filled = path
      .replace('{case}', id)
      .replace('{approval}', request.approval)
      .replace('{process}', 'onboardCustomer');
    const headers = { authorization: `Bearer ${key}`, 'idempotency-key': crypto.randomUUID() };
    const body = bodyFor(operation, { id, request });
    const call = { headers, ...(method === 'POST' ? { body } : {}) };
    const answer = await rig.call(undefined, method, filled, call);
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (isStream) await answer.body?.cancel();
    const said = isStream ? {} : ((await answer.json()) as { title?: string; results?: unknown[] });
    return { status: answer.status, ...said };
  };
  return send;
}

function bodyFor(operation: Operation, { id, request }: Waiting): unknown {
  const { approval, digest } = request;
  if (operation === 'cases.start') return onboarding();
  if (operation === 'approvals.bulk') return { items: [{ case: id, approval, digest }], verdict: 'approve' };
  // Nobody here is asked, so that the request stays open whoever gets as far as the case.
  return operation.startsWith('approvals.') ? { verdict: 'reject', reason: 'No.', digest } : {};
}

type Place = 'in' | 'not there' | 'not allowed';

/** How far a role gets with a case that somebody else of its tenant has started. */
function placeOf(role: ApiRole, operation: Operation): Place {
  const reach = reachOf([role], operation);
  if (reach === undefined) return 'not allowed';
  return reach === 'own' && OF_A_CASE.includes(operation) ? 'not there' : 'in';
}

function seenAs({ status, title }: { status: number; title?: string }): Place {
  if (status === 401 || title === NOT_ALLOWED) return 'not allowed';
  return status === 404 ? 'not there' : 'in';
}

describe('the API itself, every operation and each role (BA-87)', () => {
  it.each(API_ROLES)('%s gets as far as the table says, and no further', async (role) => {
    const send = await callerOf([role], north);
    for (const operation of GUARDED) {
      const expected = placeOf(role, operation);
      // A stop by somebody who may would end the case that the others look at.
      if (operation === 'cases.cancel' && expected === 'in') continue;
      expect([operation, seenAs(await send(operation, case1))]).toEqual([operation, expected]);
    }
  });

  it.each(API_ROLES)('%s of another tenant reaches nothing of it', async (role) => {
    const send = await callerOf([role], south);
    for (const operation of OF_A_CASE) {
      const { status } = await send(operation, case1);
      expect([operation, status]).toEqual([operation, reachOf([role], operation) ? 404 : 403]);
    }
  });

  it('all roles of another tenant together see and decide nothing of it', async () => {
    const send = await callerOf(API_ROLES, south, 'carla');
    for (const operation of OF_A_CASE)
      expect([operation, (await send(operation, case1)).status]).toEqual([operation, 404]);
    expect(await send('approvals.list', case1)).toMatchObject({ status: 200, approvals: [] });
    expect((await send('approvals.bulk', case1)).results).toMatchObject([{ accepted: false }]);
    const lists = JSON.stringify([await send('cases.list', case1), await send('decisions.list', case1)]);
    expect(lists).not.toContain(case1.id);
  });

  it('the request is open still, after all of that', async () => {
    const shown = await rig.call('carla', 'GET', `/v1/approvals/${case1.id}/${case1.request.approval}`);
    expect(await shown.json()).toMatchObject({ mayAnswer: true, request: { digest: case1.request.digest } });
  });

  it('a requester is shown no decisions about the cases of others', async () => {
    const { id, request } = await waitingCase(rig, {}, 'dario');
    rig.asked.length = 0;
    const send = await callerOf(['requester'], north, 'dario');
    expect(await send('approvals.show', { id, request })).toMatchObject({ status: 200, similar: [] });
    expect(rig.asked).toEqual([]);
    expect((await (await callerOf(['approver'], north, 'carla'))('approvals.show', { id, request })).status).toBe(200);
    expect(rig.asked).toMatchObject([{ tenant: north }]);
  });
});
