import { type ApiRole, callerName, type Principal } from './principal.ts';

/** How far a role goes: everything of the caller's tenant, or the cases that the caller started. */
export type Reach = 'tenant' | 'own';

interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Who may; a role that is not here may not. */
  readonly roles: Readonly<Partial<Record<ApiRole, Reach>>>;
  /** Asks for no caller: it holds nothing, or it checks a credential of its own. */
  readonly open?: true;
  /** Only for a caller that is a person: programs decide nothing. */
  readonly person?: true;
}

const READERS = {
  viewer: 'tenant',
  approver: 'tenant',
  operator: 'tenant',
  auditor: 'tenant',
  admin: 'tenant',
} as const;
const READ_CASES = { ...READERS, requester: 'own', application: 'own' } as const;
const READ_APPROVALS = { ...READERS, requester: 'own' } as const;
const STOP = { operator: 'tenant', admin: 'tenant', requester: 'own', application: 'own' } as const;
// A requester answers what the desk asks back about the own case; what else anybody may answer, the case's ladder says.
const ANSWER = { approver: 'tenant', requester: 'own' } as const;
const REVIEW = { approver: 'tenant', operator: 'tenant', auditor: 'tenant', admin: 'tenant' } as const;
const ANYBODY = { ...READERS, requester: 'tenant', application: 'tenant' } as const;

/**
 * Every operation of the API, and who may call it: the one table. A route that is not in it can't be guarded, and a
 * guarded one lets in nobody whom its row leaves out.
 */
export const ROUTES = {
  'cases.start': {
    method: 'POST',
    path: '/v1/processes/{process}/cases',
    roles: { requester: 'tenant', application: 'tenant', operator: 'tenant' },
  },
  'cases.list': { method: 'GET', path: '/v1/cases', roles: READ_CASES },
  'cases.show': { method: 'GET', path: '/v1/cases/{case}', roles: READ_CASES },
  'cases.result': { method: 'GET', path: '/v1/cases/{case}/result', roles: READ_CASES },
  'cases.events': { method: 'GET', path: '/v1/cases/{case}/events', roles: READ_CASES },
  'cases.timeline': { method: 'GET', path: '/v1/cases/{case}/timeline', roles: READ_CASES },
  'cases.decisions': { method: 'GET', path: '/v1/cases/{case}/decisions', roles: READ_CASES },
  'cases.cancel': { method: 'POST', path: '/v1/cases/{case}/cancel', roles: STOP },

  'approvals.list': { method: 'GET', path: '/v1/approvals', roles: READ_APPROVALS },
  'approvals.events': { method: 'GET', path: '/v1/approvals/events', roles: READ_APPROVALS },
  'approvals.show': { method: 'GET', path: '/v1/approvals/{case}/{approval}', roles: READ_APPROVALS },
  'approvals.answer': {
    method: 'POST',
    path: '/v1/approvals/{case}/{approval}/answers',
    roles: ANSWER,
    person: true,
  },
  'approvals.sign': {
    method: 'POST',
    path: '/v1/approvals/{case}/{approval}/signature',
    roles: ANSWER,
    person: true,
  },
  'approvals.bulk': { method: 'POST', path: '/v1/approvals/bulk', roles: { approver: 'tenant' }, person: true },

  'decisions.list': { method: 'GET', path: '/v1/decisions', roles: REVIEW },
  'releases.list': { method: 'GET', path: '/v1/releases', roles: READERS },
  'releases.current': { method: 'GET', path: '/v1/releases/current', roles: READERS },
  me: { method: 'GET', path: '/v1/me', roles: ANYBODY },

  // These look at a credential of their own: a delivery's signature, a key that is typed in, the session's cookie.
  'webhooks.receive': { method: 'POST', path: '/v1/webhooks/{source}', roles: {}, open: true },
  'session.open': { method: 'POST', path: '/desk/session', roles: {}, open: true },
  'session.end': { method: 'DELETE', path: '/desk/session', roles: {}, open: true },

  'openapi.show': { method: 'GET', path: '/v1/openapi.json', roles: {}, open: true },
  'health.show': { method: 'GET', path: '/health', roles: {}, open: true },
  'desk.show': { method: 'GET', path: '/desk/', roles: {}, open: true },
} as const satisfies Record<string, Route>;

export type Operation = keyof typeof ROUTES;

/** A row as the table's own words, so that a role may be looked up that the row leaves out. */
export const routeOf = (operation: Operation): Route => ROUTES[operation];

/** The farthest that one of these roles goes, or nothing where none of them may. Open operations have no reach. */
export function reachOf(roles: readonly ApiRole[], operation: Operation): Reach | undefined {
  const row = routeOf(operation).roles;
  const reaches = roles.map((role) => (Object.hasOwn(row, role) ? row[role] : undefined));
  return reaches.includes('tenant') ? 'tenant' : reaches.find((reach) => reach !== undefined);
}

/** Whose a case is; `startedBy` is the starter's `callerName`, and missing for a case from the command line. */
export interface Owner {
  readonly tenant: string;
  readonly startedBy?: string | undefined;
}

/**
 * Whether a case is there for this caller. What is not, is answered as what does not exist: 404, and no word of whose it
 * is.
 */
export function visible(principal: Principal, { tenant, startedBy }: Owner, operation: Operation): boolean {
  if (tenant !== principal.tenant) return false;
  const reach = reachOf(principal.roles, operation);
  return reach === 'tenant' || (reach === 'own' && startedBy === callerName(principal));
}
