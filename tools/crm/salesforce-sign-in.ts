import { z } from 'zod';
import { Failed } from '../../contracts/failures.ts';
import { badAnswer, rejected, unavailable } from '../trouble.ts';
import { ask, type Refusal, rateLimited } from '../web-adapter.ts';
import { errorName } from './gathering.ts';

export interface SignInSettings {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly timeoutMs: number;
}

/** Keeps one access token for the process. */
export interface SignIn {
  token(signal: AbortSignal): Promise<string>;
  /** Lets the next call sign in anew, where `token` is the one in use. */
  forget(token: string): void;
  /** Whether a request failed because its token is not good any more. */
  hasRunOut(error: unknown): boolean;
}

const Token = z.object({ access_token: z.string().min(1).max(4000) });
const MAX_BYTES = 20_000;

/** OAuth 2.0, client credentials: the org itself gives the token, for one user that an administrator has named. */
export function salesforceSignIn(system: string, settings: SignInSettings): SignIn {
  const { url, clientId, clientSecret, timeoutMs } = settings;
  let kept: { token: string } | undefined;
  const fetchToken = async (signal: AbortSignal): Promise<string> => {
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const answer = await ask({
      system,
      method: 'POST',
      url: `${url.replace(/\/$/, '')}/services/oauth2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
      timeoutMs,
      maxBytes: MAX_BYTES,
      signal,
      explain: ({ status, retryAfterMs }) => {
        if (status === 429) return rateLimited(system, retryAfterMs);
        if (status < 500) return rejected('Salesforce does not let us in', { system, status });
        return unavailable(system, { status, effect: 'none' });
      },
    });
    const token = Token.safeParse(answer);
    if (!token.success) throw badAnswer(system, 'access_token');
    return token.data.access_token;
  };
  return {
    token: async (signal) => {
      kept ??= { token: await fetchToken(signal) };
      return kept.token;
    },
    forget: (token) => {
      if (kept?.token === token) kept = undefined;
    },
    hasRunOut: (error) =>
      error instanceof Failed && error.failure.details['status'] === 401 && error.failure.details['code'] === RUN_OUT,
  };
}

const RUN_OUT = 'INVALID_SESSION_ID';
/** The org has no requests left for now, or too many run at once. */
const SPENT = 'REQUEST_LIMIT_EXCEEDED';
/** Somebody else holds the record; over in a moment, and nothing was done. */
const LOCKED = ['UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE'];

const Errors = z.array(z.object({ errorCode: z.string() })).catch([]);

/** Salesforce tells the reason in a list of errors, and limits with 403. */
export function explainSalesforce(system: string, { status, body, retryAfterMs }: Refusal): Failed {
  const said = Errors.parse(body)[0]?.errorCode ?? '';
  if (status === 429 || said === SPENT) return rateLimited(system, retryAfterMs);
  if (LOCKED.includes(said)) return unavailable(system, { status, effect: 'none' });
  if (status >= 500 || status < 400) return unavailable(system, { status });
  const reason = status === 401 || status === 403 ? 'Salesforce does not let us in' : 'Salesforce refused the request';
  return rejected(reason, { system, status, ...errorName(said) });
}
