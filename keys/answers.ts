import { type KeyObject, randomBytes } from 'node:crypto';
import { compactVerify, errors, SignJWT } from 'jose';
import {
  ANSWER_AUDIENCE,
  ANSWER_ISSUER,
  ANSWER_LIFETIME_S,
  ANSWER_TYPE,
  AnswerClaims,
} from '../contracts/answer-token.ts';
import { forChecking, forSigning, parsePublicKeys, parseSigningKey } from './key-shapes.ts';
import { rereading } from './reread.ts';

/** What a signer adds by itself. */
type AddedClaims = 'iss' | 'aud' | 'iat' | 'exp' | 'jti';

/** Makes tokens of answers. Who holds it can speak for everybody, so only the API, the desk and the command line do. */
export interface AnswerSigner {
  /** Of the key that signs now. */
  readonly keyId: string;
  /** @param now milliseconds since 1970 */
  sign(claims: Omit<AnswerClaims, AddedClaims>, now?: number): Promise<string>;
}

export type Verified =
  | { readonly ok: true; readonly claims: AnswerClaims; readonly keyId: string }
  /** `why` is for people and logs; it holds nothing of the token. */
  | { readonly ok: false; readonly why: string };

/** Tells whether a token was made by a signer of this house. It never throws. */
export interface AnswerVerifier {
  /** @param lastsS counts it for so many seconds since it was signed: for acting on an answer that was given in time */
  verify(token: string, lastsS?: number): Promise<Verified>;
}

export interface VerifierOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const ALGORITHM = 'EdDSA';
const ENVELOPE = { algorithms: [ALGORITHM] };
/** How far the clocks of two machines may differ, seconds. */
const SKEW_S = 30;
/** Longer than any token of ours. */
const LONGEST_TOKEN = 4000;

/**
 * Signs with the private key in this file, and with the next one as soon as it lies there.
 * @throws Error where the file cannot be read or holds no key
 */
export function openAnswerSigner(file: string): AnswerSigner {
  const current = rereading(file, (text) => {
    const key = parseSigningKey(text);
    return { keyId: key.kid, key: forSigning(key) };
  });
  return {
    get keyId() {
      return current().keyId;
    },
    sign: (claims, now = Date.now()) => {
      const { keyId, key } = current();
      const iat = Math.floor(now / 1000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: ALGORITHM, kid: keyId, typ: ANSWER_TYPE })
        .setIssuer(ANSWER_ISSUER)
        .setAudience(ANSWER_AUDIENCE)
        .setIssuedAt(iat)
        .setExpirationTime(iat + ANSWER_LIFETIME_S)
        .setJti(randomBytes(12).toString('base64url'))
        .sign(key);
    },
  };
}

/**
 * Checks with the public keys in this file. It is read again when another one lies there, so that a key counts from the
 * moment it is added, and not a moment longer than it is kept.
 * @throws Error where the file cannot be read or holds no keys
 */
export function openAnswerVerifier(file: string, options: VerifierOptions = {}): AnswerVerifier {
  const { now = Date.now } = options;
  const current = rereading(file, (text) => {
    const { keys } = parsePublicKeys(text);
    return new Map(keys.map((key) => [key.kid, forChecking(key)] as const));
  });
  return {
    verify: async (token, lastsS) => {
      if (token.length > LONGEST_TOKEN) return refused('the token is longer than any of ours');
      try {
        const keys = current();
        const { payload, protectedHeader } = await compactVerify(token, ({ kid = '' }) => keyOf(keys, kid), ENVELOPE);
        if (protectedHeader.typ !== ANSWER_TYPE) return refused('the token is of another kind');
        const claims = AnswerClaims.safeParse(JSON.parse(new TextDecoder().decode(payload)));
        if (!claims.success) return refused('the token was made for something else');
        const why = timeProblem(claims.data, now() / 1000, lastsS);
        return why ? refused(why) : { ok: true, claims: claims.data, keyId: protectedHeader.kid ?? '' };
      } catch (error) {
        return refused(whyNot(error));
      }
    },
  };
}

function keyOf(keys: ReadonlyMap<string, KeyObject>, kid: string): KeyObject {
  const key = keys.get(kid);
  if (!key) throw new UnknownKey();
  return key;
}

/** Times are seconds since 1970. */
function timeProblem({ iat, exp }: AnswerClaims, now: number, lastsS: number | undefined): string | undefined {
  if (exp - iat > ANSWER_LIFETIME_S) return 'the token would live for too long';
  if (iat > now + SKEW_S) return 'the token is from the future';
  const end = lastsS === undefined ? exp : iat + lastsS;
  return now >= end + SKEW_S ? 'the token has expired' : undefined;
}

class UnknownKey extends Error {}

const refused = (why: string): Verified => ({ ok: false, why });

function whyNot(error: unknown): string {
  if (error instanceof UnknownKey) return 'the token names a key that does not count here';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature does not fit';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'the token is signed in a way that is not ours';
  if (error instanceof errors.JOSEError || error instanceof SyntaxError) return 'this is no token';
  return 'the keys that answers are checked with cannot be read';
}
