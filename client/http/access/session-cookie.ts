import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export interface CookieSettings {
  /** Served over https: the cookie belongs to this host alone and never goes in clear. */
  readonly secure: boolean;
  /** Tells houses on one machine apart: cookies know no ports. */
  readonly port: number;
}

/** The cookie that carries a session's name, signed. */
export interface SessionCookie {
  /** As `Set-Cookie`; seconds. */
  give(name: string, seconds: number): string;
  /** As `Set-Cookie`, so that the browser forgets it. */
  take(): string;
  /** The name that these cookies carry, if we have signed it. */
  read(cookies: string): string | undefined;
}

/** The key of the signature lives and dies with this process: after a restart everybody signs in again. */
export function createSessionCookie({ secure, port }: CookieSettings): SessionCookie {
  const secret = randomBytes(32);
  const cookie = secure ? '__Host-governor' : `governor-${port}`;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  const sign = (name: string): string => createHmac('sha256', secret).update(name).digest('base64url');
  return {
    give: (name, seconds) => `${cookie}=${name}.${sign(name)}; ${attributes}; Max-Age=${Math.floor(seconds)}`,
    take: () => `${cookie}=; ${attributes}; Max-Age=0`,
    read: (cookies) => {
      const [name, signature, ...more] = (onlyValue(cookies, cookie) ?? '').split('.');
      if (!name || !signature || more.length > 0) return undefined;
      return sameText(signature, sign(name)) ? name : undefined;
    },
  };
}

/** The value of a cookie that is there once: of two, another page may have put one there. */
function onlyValue(cookies: string, name: string): string | undefined {
  const values = cookies.split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() === name ? [value.join('=').trim()] : [];
  });
  return values.length === 1 ? values[0] : undefined;
}

const sameText = (left: string, right: string): boolean => timingSafeEqual(hashed(left), hashed(right));
const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();
