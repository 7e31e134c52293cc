import { z } from 'zod';
import { ANSWER_VERDICTS, MOVES } from '../../contracts/decision.ts';
import { AnswerInput } from '../../contracts/messages.ts';
import { Role } from '../../contracts/roles.ts';
import { ProcessName, RequestKindName, Risk } from './shapes.ts';

/** What callers send beside the inputs of processes. */

const Word = z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'has to be small letters, digits and dashes');
const Cursor = z.string().min(1).max(4000);
const limit = (standard: number, most: number) =>
  z.coerce.number('has to be a number').int().min(1).max(most).default(standard);

export const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters');

export const CaseQuery = z.strictObject({
  process: ProcessName.optional(),
  stage: Word.optional(),
  outcome: Word.optional(),
  /** The beginning of the case's id. */
  q: z
    .string()
    .regex(/^[\w.:-]{1,200}$/, 'has to be the beginning of a case: letters, digits and . _ : -')
    .optional(),
  limit: limit(50, 200),
  cursor: Cursor.optional(),
});
export type CaseQuery = z.output<typeof CaseQuery>;

/** Seconds. */
export const ResultQuery = z.strictObject({ wait: z.coerce.number('has to be seconds').min(0).max(60).default(0) });

export const SORTS = ['due', '-due', 'amount', '-amount', 'risk', '-risk', 'asked', '-asked'] as const;

export const ApprovalQuery = z.strictObject({
  process: ProcessName.optional(),
  kind: RequestKindName.optional(),
  role: Role.optional(),
  risk: Risk.optional(),
  /** A part of the case's id, the subject, the question, or the starter's name. */
  q: z.string().min(1).max(200).optional(),
  sort: z.enum(SORTS).default('due'),
  /** Only those that the caller may answer now. */
  mine: z.enum(['true', 'false']).optional(),
  limit: limit(100, 1000),
  cursor: Cursor.optional(),
});
export type ApprovalQuery = z.output<typeof ApprovalQuery>;

export const NoQuery = z.strictObject({});

const { digest, reason, edit, amountMicroUsd, to } = AnswerInput.shape;
export const AnswerBody = z.strictObject({
  verdict: z.enum([...ANSWER_VERDICTS, ...MOVES]),
  digest,
  reason,
  edit,
  amountMicroUsd,
  to,
});
export type AnswerBody = z.output<typeof AnswerBody>;

export const MOST_IN_BULK = 50;
export const BulkBody = z.strictObject({
  items: z
    .array(z.strictObject({ case: z.string().min(1).max(1000), approval: z.string().min(1).max(120), digest }))
    .min(1)
    .max(MOST_IN_BULK)
    .refine(
      (items) => new Set(items.map(({ case: id, approval }) => `${id}\n${approval}`)).size === items.length,
      'one request is in it twice',
    ),
  verdict: z.enum(ANSWER_VERDICTS),
  reason,
});
export type BulkBody = z.output<typeof BulkBody>;

export const DecisionsQuery = z.strictObject({
  process: ProcessName.optional(),
  kind: RequestKindName.optional(),
  subject: z.string().min(1).max(200).optional(),
  limit: limit(50, 200),
});

export const CaseDecisionsQuery = z.strictObject({ limit: limit(100, 200) });
