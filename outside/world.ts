import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Paper } from './paper.ts';
import { Shop } from './shop.ts';

/** How the registry misbehaves about one document. `times` null: for ever. `seconds`: how slow, or how long to wait. */
const Fault = z.strictObject({
  kind: z.enum(['unavailable', 'rate-limited', 'rejects', 'garbage', 'truncated', 'error-in-200', 'slow', 'too-large']),
  times: z.int().positive().nullable(),
  seconds: z.number().positive().max(600).optional(),
});

const Customer = z.strictObject({
  customerId: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  company: z.string().min(1).max(200).nullable(),
  email: z.email(),
  status: z.enum(['lead', 'active', 'closed']),
});

const DocumentRecord = z.strictObject({
  number: z.string().min(4).max(40),
  document: z.enum(['passport', 'identity-card', 'driving-licence']),
  name: z.string().min(1).max(200),
  birthDate: z.iso.date(),
  validUntil: z.iso.date(),
  subjectId: z.string().min(1).max(64),
  watchList: z.boolean(),
  /** An old check that the registry serves instead of making a new one. */
  cached: z.strictObject({ subjectId: z.string().min(1).max(64), checkedMinutesAgo: z.number().positive() }).nullable(),
  fault: Fault.nullable(),
});

/** A ticket of long ago, for messages that come again or answer it. */
const KnownTicket = z.strictObject({
  messageId: z.string().min(1).max(250),
  sender: z.string().min(1).max(250),
  destination: z.string().min(1).max(60),
});

/**
 * The world outside: who is a customer, what the registry of identity documents holds, what the shop sells, and which
 * documents wait for approval.
 */
export const World = z.strictObject({
  customers: z.array(Customer),
  documents: z.array(DocumentRecord),
  shop: Shop.optional(),
  papers: z.array(Paper).optional(),
  tickets: z.array(KnownTicket).optional(),
});
export type World = z.output<typeof World>;
export type DocumentRecord = z.output<typeof DocumentRecord>;
export type Fault = z.output<typeof Fault>;

/** Reads a world file. Throws with every problem in it, by its path. */
export async function readWorld(path: string): Promise<World> {
  const parsed = World.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new Error(`The world file is broken.\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
