import { z } from 'zod';
import { ANSWER_VERDICTS, MOVES } from './decision.ts';
import { digestOf } from './digest.ts';
import type { AnswerInput } from './messages.ts';
import { Role } from './roles.ts';

/** Names of the token's issuer, audience and type: a token of another kind is no answer. */
export const ANSWER_ISSUER = 'governor';
export const ANSWER_AUDIENCE = 'governor-answers';
export const ANSWER_TYPE = 'governor-answer+jwt';

/** A token lives for at most so long, seconds: who answers late reads the request again. */
export const ANSWER_LIFETIME_S = 24 * 3600;

/**
 * What a person's answer is signed over. Whoever can reach Temporal can send a message; only who holds the key can
 * make this.
 */
export const AnswerClaims = z.object({
  iss: z.literal(ANSWER_ISSUER),
  aud: z.literal(ANSWER_AUDIENCE),
  /** The person's name in the directory, or the customer's id where a customer is asked. */
  sub: z.string().min(1).max(100),
  /** In what capacity. */
  role: Role,
  /** The workflow id. */
  case: z.string().min(1).max(1000),
  step: z.string().min(1).max(200),
  approval: z.string().min(1).max(120),
  /** The whole digest of the request that was read. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  verdict: z.enum([...ANSWER_VERDICTS, ...MOVES]),
  /** SHA-256 over everything that the answer says; see `answerDigest`. */
  answer: z.string().regex(/^[0-9a-f]{64}$/),
  /** What a yes lets through at the tools. */
  grant: z.object({ tool: z.string().max(100), args: z.record(z.string(), z.unknown()) }).optional(),
  /** Seconds since 1970. */
  iat: z.int().positive(),
  exp: z.int().positive(),
  jti: z.string().min(8).max(64),
});
export type AnswerClaims = z.output<typeof AnswerClaims>;

/** One digest over all that the sender says, so that no word of it can be changed on the way. */
export const answerDigest = ({ verdict, reason, edit, amountMicroUsd, to }: Omit<AnswerInput, 'token'>): string =>
  digestOf({
    verdict,
    reason: reason ?? null,
    edit: edit ?? null,
    amountMicroUsd: amountMicroUsd ?? null,
    to: to ?? null,
  });

/** The verdicts that let something go on, and so may carry a grant. */
export const YES_VERDICTS: readonly string[] = ['approve', 'go-on', 'raise', 'retry'];
