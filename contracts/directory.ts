import { z } from 'zod';
import { asRead } from './as-read.ts';
import { Role } from './policy.ts';

/** Somebody who may answer requests, and in which roles. Names are those that people sign in with. */
export const Person = z.strictObject({
  person: z.string().regex(/^[a-z][a-z0-9.-]{1,59}$/),
  roles: z.array(Role).min(1),
  /** Other names of the same person, so that nobody approves their own request under another one. */
  aliases: z.array(z.string().min(1).max(100)).max(10),
  /** Where notices go; in no history, log or message. */
  email: z.email().optional(),
  /** Times out of office, and who acts meanwhile, in all roles; ISO instants, the first inclusive. */
  away: z
    .array(z.strictObject({ from: z.iso.datetime(), to: z.iso.datetime(), delegate: z.string().min(1).max(60) }))
    .max(20)
    .optional(),
});
export type Person = z.output<typeof Person>;

/** Who works here. It is read anew whenever somebody is asked or answers, so that a role that was taken away is gone. */
export const Directory = z
  .strictObject({ people: z.array(Person).min(1).max(500) })
  .refine(({ people }) => namesAreUnique(people), 'a name or alias stands for two people');
export type Directory = z.output<typeof Directory>;

function namesAreUnique(people: readonly Person[]): boolean {
  const names = people.flatMap(({ person, aliases }) => [...new Set([person, ...aliases].map(asRead))]);
  return new Set(names).size === names.length;
}
