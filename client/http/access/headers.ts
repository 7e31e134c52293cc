import type { MiddlewareHandler } from 'hono';
import { type Address, isHttps } from './origin.ts';

/** The page runs its own files and nothing else, and stands in nobody's frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
};

/** Half a year, seconds. */
const STRICT_TRANSPORT_S = 180 * 24 * 3600;

/** What every answer says to a browser, refusals and errors included. Answers of the API are kept by nobody. */
export function securityHeaders(address: Address): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value);
    if (isHttps(address)) c.header('strict-transport-security', `max-age=${STRICT_TRANSPORT_S}; includeSubDomains`);
    if (c.req.path.startsWith('/v1/') || c.req.path === '/desk/session') c.header('cache-control', 'no-store');
  };
}
