import { z } from 'zod';

/** What a caller of the API may be. What a person may decide is another matter: the directory and the ladder say that. */
export const API_ROLES = ['viewer', 'requester', 'approver', 'operator', 'auditor', 'application', 'admin'] as const;
export const ApiRole = z.enum(API_ROLES);
export type ApiRole = z.output<typeof ApiRole>;

/** Whose cases these are. Those that were started past the API belong to `default`. */
export const Tenant = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'has to be small letters, digits and dashes');
export const DEFAULT_TENANT = 'default';

/** A name as the directory has them, or a customer's id. It never holds a colon, which tells it from a `sub`. */
export const PersonName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

/** Who calls, after the credential was checked. */
export interface Principal {
  /** Who this is for good, whatever the credential: a person's name, `app:…` of a key without one, `oidc:…` of a token. */
  readonly sub: string;
  readonly tenant: string;
  readonly roles: readonly ApiRole[];
  /** In whose name requests are answered. */
  readonly person?: string;
  readonly via: 'jwt' | 'key' | 'session';
  readonly keyId?: string;
}

/** A caller, and when the credential ends; milliseconds since 1970. */
export interface Identity {
  readonly principal: Principal;
  readonly until: number;
}

/** Who a case that this caller starts belongs to, and who may then not approve it. */
export const callerName = ({ person, sub }: Principal): string => person ?? sub;
