import { z } from 'zod';
import { ContentHash, DocId, DocumentSubject, HOUSE_SCHEMAS, VersionId } from '../documents.ts';
import { defineTool } from '../tool.ts';

const Person = z.string().min(1).max(100);

/** Holds a document of the store against a schema, and says what a person has to put right. */
export const validateDocument = defineTool({
  name: 'documents.validate_document',
  purpose: 'Hold a stored document against a schema.',
  kind: 'read',
  input: z.strictObject({
    doc_id: DocId,
    schema: z.string().min(1).max(20_000).describe('the name of a schema of the house, or a JSON Schema as text'),
  }),
  output: z.strictObject({
    doc_id: VersionId.describe('the version that was read'),
    hash: ContentHash,
    format: z.enum(['json', 'xml']),
    schema: z.string().max(100),
    valid: z.boolean(),
    errors: z.array(z.strictObject({ path: z.string().max(200), problem: z.string().max(300) })).max(20),
    /** Errors in all; no more than 20 of them are told. */
    errorCount: z.int().min(0),
    /** Null where it is not valid, or the schema is none of the house. */
    subject: DocumentSubject.nullable(),
    /** The schema of the house that the document looks made for. */
    looksLike: z.enum(HOUSE_SCHEMAS).nullable(),
    authors: z.array(Person).min(1).max(50).describe('who wrote this version and those before it'),
  }),
  guarded: ['doc_id'],
  personal: ['authors', 'errors'],
  maxAnswerBytes: 16_000,
});

/** Puts a valid document before one person. An invalid one, its author, and the same person twice in one run are refused. */
export const routeForApproval = defineTool({
  name: 'documents.route_for_approval',
  purpose: 'Put a valid document before one approver.',
  kind: 'effect',
  input: z.strictObject({ doc_id: DocId, approver_id: Person }),
  output: z.strictObject({
    doc_id: VersionId,
    hash: ContentHash,
    approver_id: Person,
    state: z.literal('waits'),
    routedAt: z.iso.datetime(),
    /** What the approver sees; the beginning where it is long. */
    view: z.string().max(4000),
    wholeInView: z.boolean(),
    /** The version last approved, else the one that somebody saw last; null where this is the first. */
    comparedWith: VersionId.nullable(),
    differences: z.array(z.string().max(300)).max(20),
    differenceCount: z.int().min(0),
  }),
  guarded: ['doc_id', 'approver_id'],
  personal: ['view', 'differences'],
  maxAnswerBytes: 20_000,
});

/** Tells the author and everybody whom it was routed to, in one delivery. */
export const notifyStakeholders = defineTool({
  name: 'documents.notify_stakeholders',
  purpose: 'Tell everybody who has to do with a document what became of it.',
  kind: 'effect',
  input: z.strictObject({ doc_id: DocId, message: z.string().min(1).max(1000) }),
  output: z.strictObject({
    doc_id: VersionId,
    notificationId: z.string().min(1).max(120),
    recipients: z.int().positive(),
    state: z.literal('sent'),
  }),
  guarded: ['doc_id'],
  outgoing: ['message'],
  personal: ['message'],
  maxAnswerBytes: 16_000,
});
