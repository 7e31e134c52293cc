import { z } from 'zod';
import { ForeignTools } from './foreign/map.ts';

/** Where the customers are, where that is not our own database. */
export const CrmSettings = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hubspot'), url: z.url(), token: z.string().min(1) }),
  z.strictObject({
    kind: z.literal('salesforce'),
    url: z.url(),
    clientId: z.string().min(1),
    clientSecret: z.string().min(1),
  }),
]);
export type CrmSettings = z.output<typeof CrmSettings>;

/** What the tool servers need to know. A stdio child gets it from a file, since it inherits no environment. */
export const ToolSettings = z.strictObject({
  /** The ledger, documents, calendar and, without `databaseUrl`, the database are kept here. */
  stateDir: z.string().min(1),
  databaseUrl: z.string().min(1).optional(),
  crm: CrmSettings.optional(),
  /** The file of public keys that people's answers are checked with; without it the tools take everybody at their word. */
  answerKeys: z.string().min(1).optional(),
  /** Tools that servers of others keep. */
  foreign: ForeignTools.optional(),
  identityRegistryUrl: z.url(),
  smtpUrl: z.string().min(1),
  mailFrom: z.email(),
  /** The log of our own mail sink, where it is ours: it can say whether a lost message arrived. */
  mailboxLog: z.string().min(1).optional(),
  webhookUrl: z.url(),
  webhookSecret: z.string().min(1),
  /** How long one exchange with an outside system may take, milliseconds. */
  outsideTimeoutMs: z.int().positive().default(2500),
  /** After this, a claim without a result is looked into; longer than `outsideTimeoutMs`. */
  leaseMs: z.int().positive().default(3000),
});
export type ToolSettings = z.output<typeof ToolSettings>;
