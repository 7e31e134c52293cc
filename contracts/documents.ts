import { z } from 'zod';

/** `INV-2044` is the newest version of a document in the store, `INV-2044@2` its second one, for ever. */
export const DocId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{1,60}(@[1-9][0-9]{0,3})?$/,
    'the name of a document, perhaps with @ and a version',
  );

/** A document in one version. */
export const VersionId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,60}@[1-9][0-9]{0,3}$/, 'a document with @ and a version');

export const ContentHash = z.string().regex(/^sha256-[0-9a-f]{64}$/);

export const documentOf = (docId: string): string => docId.split('@')[0] ?? docId;
/** Undefined where the id names the newest one. */
export const versionOf = (docId: string): number | undefined => {
  const [, version] = docId.split('@');
  return version === undefined ? undefined : Number(version);
};

export const DOCUMENT_KINDS = ['invoice', 'contract'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
/** The schemas of the house. A document is held against the one version of its schema that the policy names. */
export const HOUSE_SCHEMAS = ['invoice-1', 'contract-1'] as const;
export type HouseSchema = (typeof HOUSE_SCHEMAS)[number];

/** What approvals go by, as the document itself says it. */
export const DocumentSubject = z.strictObject({
  kind: z.enum(DOCUMENT_KINDS),
  number: z.string().min(1).max(80),
  /** Null where the document names none. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable(),
  /** In the smallest unit of the currency; below zero in a credit note. */
  amountMinor: z.int().nullable(),
});
export type DocumentSubject = z.output<typeof DocumentSubject>;

const Name = z.string().min(1).max(100);

/** What starts `approveDocument`. */
export const DocumentRequest = z.strictObject({
  /** The caller's own reference. */
  requestId: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/, '3 to 64 letters, digits, dots, dashes or underscores'),
  /** Who asks for it, as the directory names people. Nobody approves their own request. */
  requestedBy: Name,
  doc_id: DocId,
  /** What it is about, in words for whoever checks it. */
  note: z.string().min(1).max(4000),
  /** Lowers the policy's cap for this run; it never raises it. */
  capMicroUsd: z.int().positive().optional(),
});
export type DocumentRequest = z.output<typeof DocumentRequest>;

/** A new version of the document, sent into a case that runs. */
export const DocumentAmendment = z.strictObject({ doc_id: VersionId });

/** Whoever asked for the case, or whom the policy lets, takes it back; never without a reason. */
export const VoidInput = z.strictObject({ by: Name, reason: z.string().min(1).max(500) });
export type VoidInput = z.output<typeof VoidInput>;

/** One approval as the certificate has it. */
export const GivenApproval = z.strictObject({
  approver_id: Name,
  at: z.iso.datetime(),
  /** SHA-256 of what was asked: document, hash, version, policy. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type GivenApproval = z.output<typeof GivenApproval>;

export const DOCUMENT_STATES = ['approved', 'declined', 'void', 'invalid', 'changes-requested'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

/** How the story of an approval ends. */
export interface DocumentEnd {
  readonly outcome: 'approved' | 'declined' | 'void' | 'invalid';
  readonly doc_id: string;
  /** SHA-256 of the content that was decided on; absent where no version was read. */
  readonly hash?: string;
  readonly by?: string;
  readonly why?: string;
  readonly errors?: readonly { readonly path: string; readonly problem: string }[];
  readonly certificate?: {
    readonly certificateId: string;
    readonly issuedAt: string;
    readonly approvals: readonly GivenApproval[];
  };
}
