import { z } from 'zod';
import { defineTool } from '../tool.ts';

const Word = z.string().min(1).max(120);
const Tenant = z.string().min(1).max(40);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What somebody said, as the audit keeps it: a person by their name in the directory, and nothing else about them. */
export const AuditedAnswer = z.strictObject({
  approval: z.string().min(1).max(200),
  /** What kind of request it answered. */
  kind: z.string().min(1).max(40).optional(),
  verdict: z.string().min(1).max(40),
  by: Word,
  role: z.string().min(1).max(40),
  at: z.iso.datetime(),
  /** Their own words, with addresses and numbers of people left out. */
  reason: z.string().max(500).optional(),
  identity: z.enum(['signed', 'asserted']),
  /** For whom, where that is somebody else. */
  for: Word.optional(),
});
export type AuditedAnswer = z.output<typeof AuditedAnswer>;

/** What else was said or done about a request before it was decided: a delegation, a question, a yes that an edit voided. */
export const AuditedRemark = z.strictObject({
  at: z.iso.datetime(),
  by: Word,
  verdict: z.string().min(1).max(40),
  words: z.string().max(500).optional(),
  to: Word.optional(),
});
export type AuditedRemark = z.output<typeof AuditedRemark>;

/** One decision as the audit keeps it: a step of a case, or a question that a process put to people by itself. */
export const AuditedDecision = z.strictObject({
  at: z.iso.datetime(),
  step: z.string().min(1).max(200),
  /** Who proposed; `people` where nobody did, and people were asked. */
  agent: Word,
  tool: Word,
  outcome: z.string().min(1).max(40),
  verdict: z.string().min(1).max(40),
  rule: Word.optional(),
  why: z.string().max(500).optional(),
  confidence: z.number().min(0).max(1).optional(),
  model: Word.optional(),
  prompt: Word.optional(),
  costMicroUsd: z.int().nonnegative(),
  /** Of the request that people had, where there was one: what kind it was, and what it was about. */
  kind: z.string().min(1).max(40).optional(),
  subject: z.string().min(1).max(300).optional(),
  answers: z.array(AuditedAnswer).max(60),
  remarks: z.array(AuditedRemark).max(40).optional(),
});
export type AuditedDecision = z.output<typeof AuditedDecision>;

export const MOST_AUDITED = 200;

/** Appends one entry to the hash chain that nobody can rewrite unseen, and keeps the case's decisions under it. */
export const appendAudit = defineTool({
  name: 'audit.append',
  purpose: 'Append the end of a case to the audit chain.',
  kind: 'effect',
  input: z.strictObject({
    caseId: z.string().min(1).max(200),
    outcome: z.string().min(1).max(60),
    decisionsDigest: Hash,
    /** Absent from cases that began before decisions were kept. */
    process: Word.optional(),
    /** Whose case it was; absent from those that no API has started. */
    tenant: Tenant.optional(),
    decisions: z.array(AuditedDecision).max(MOST_AUDITED).optional(),
    summary: z.string().min(1).max(500),
  }),
  output: z.strictObject({ sequence: z.int().positive(), hash: Hash, previous: Hash }),
  guarded: ['caseId', 'outcome', 'decisionsDigest', 'tenant'],
  personal: ['summary', 'decisions'],
  maxAnswerBytes: 16_000,
});

/** A decision of a case that has ended, or a correction that somebody made since. */
export const PastDecision = AuditedDecision.extend({
  caseId: z.string().min(1).max(200),
  process: Word,
});
export type PastDecision = z.output<typeof PastDecision>;

/** The kind under which `audit.list` shows what people corrected afterwards. */
export const CORRECTION = 'correction';

/** Reads what was decided, for whoever decides something like it, and for auditors. */
export const listAudit = defineTool({
  name: 'audit.list',
  purpose: 'List decisions of cases that have ended, newest case first, those of a case in their order.',
  kind: 'read',
  input: z.strictObject({
    caseId: z.string().min(1).max(200).optional(),
    process: Word.optional(),
    /** Whose decisions: a tenant's, with those of nobody for the tenant `default`. All of them where it is left out. */
    tenant: Tenant.optional(),
    kind: z.string().min(1).max(40).describe('a kind of request, or correction').optional(),
    subject: z.string().min(1).max(300).optional(),
    limit: z.int().min(1).max(200),
  }),
  output: z.strictObject({
    decisions: z.array(PastDecision).max(200),
    /** True where there are more than these. */
    more: z.boolean(),
  }),
  guarded: ['caseId', 'process', 'tenant', 'kind', 'subject', 'limit'],
  personal: ['decisions'],
  maxAnswerBytes: 600_000,
});
