import { z } from 'zod';
import { DOCUMENT_KINDS, HOUSE_SCHEMAS } from './documents.ts';
import { Role } from './roles.ts';

const Person = z.string().regex(/^[a-z][a-z0-9.-]{1,59}$/);

/** So many of these people have to say yes. Who wrote or sent the document is passed over. */
const Stage = z
  .strictObject({ approvers: z.array(Person).min(1).max(7), needed: z.int().min(1).max(7) })
  .refine(({ approvers }) => new Set(approvers).size === approvers.length, 'names an approver twice')
  .refine(({ approvers, needed }) => needed <= approvers.length, 'needs more approvals than it has approvers');
export type Stage = z.output<typeof Stage>;

/** Who approves a kind of document up to an amount. */
const Row = z
  .strictObject({
    kind: z.enum(DOCUMENT_KINDS),
    /** Null: whatever the currency, and also where the document names no amount. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .nullable(),
    /** In the smallest unit, inclusive; null: without a limit. */
    upToMinor: z.int().positive().nullable(),
    /** One after the other. */
    stages: z.array(Stage).min(1).max(4),
  })
  .refine(({ currency, upToMinor }) => currency !== null || upToMinor === null, 'has a limit without a currency');

const Hours = z.number().positive().max(2880);

export const DocumentPolicy = z.strictObject({
  /** Schema versions that new cases use. */
  schemas: z.array(z.enum(HOUSE_SCHEMAS)).min(1),
  matrix: z
    .array(Row)
    .min(1)
    .max(60)
    .refine(
      (rows) => DOCUMENT_KINDS.every((kind) => rows.some((row) => row.kind === kind && row.currency === null)),
      'has a kind without a row for every currency',
    ),
  /** Take the place of approvers who may not or cannot be asked. */
  standIns: z.array(Person).max(7),
  /** An approver is reminded at half of it; then the case is void. */
  answerWithinHours: Hours,
  /** How long a case waits for the new version that somebody asked for. */
  newVersionWithinHours: Hours,
  /** Versions that one case may go through. */
  mostVersions: z.int().min(1).max(5),
  /** May take back somebody else's case. */
  mayVoid: z.array(Role).max(6),
});
export type DocumentPolicy = z.output<typeof DocumentPolicy>;
