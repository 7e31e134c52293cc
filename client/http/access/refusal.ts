/** Why somebody was turned away: the words of the audit line, without anything of the credential. */
export interface Refusal {
  readonly status: 401 | 403 | 413 | 421 | 503;
  readonly why: string;
  readonly title: string;
  /** What the caller can do about it. */
  readonly detail: string;
}

export const NOT_SIGNED_IN: Refusal = {
  status: 401,
  why: 'no valid credential',
  title: 'Nobody is signed in',
  detail:
    'Send a key that is neither expired nor revoked, or a token of the configured issuer, as "Authorization: Bearer …"; on the desk, sign in again.',
};

export const NOT_ALLOWED: Refusal = {
  status: 403,
  why: 'no role that may',
  title: 'Your roles do not allow this',
  detail: 'Ask whoever gives out access for a role that does; docs/access.md has the table.',
};

export const NOT_A_PERSON: Refusal = {
  status: 403,
  why: 'not a person',
  title: 'This credential is nobody in particular',
  detail: 'Requests are answered by people. Use a key or a token that names a person.',
};

export const CROSS_SITE: Refusal = {
  status: 403,
  why: 'cookie from another site',
  title: 'This did not come from the desk',
  detail: 'A session of the desk is good for requests of its own page alone. Programs send a key instead.',
};

export const FOREIGN_HOST: Refusal = {
  status: 421,
  why: 'unknown host',
  title: 'This is not the address of this API',
  detail: 'Call it by the address that it is configured with.',
};

export const TOO_LONG: Refusal = {
  status: 413,
  why: 'sign-in too long',
  title: 'This is longer than any key',
  detail: 'Send {"key": "…"} with a key of this API or a token of its issuer.',
};

export const CANNOT_TELL: Refusal = {
  status: 503,
  why: 'issuer out of reach',
  title: 'Tokens can not be checked right now',
  detail: "The issuer's keys can't be had. Try again in a few seconds; keys of this API work meanwhile.",
};

/** RFC 9457. */
export function refuse({ status, title, detail, why }: Refusal, instance: string): Response {
  const body = { type: `urn:governor:problem:${why.replaceAll(' ', '-')}`, title, status, detail, instance };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (status === 503) headers.set('retry-after', '5');
  return new Response(JSON.stringify(body), { status, headers });
}
