import { digestOf } from './digest.ts';
import type { Role } from './roles.ts';

/** What one yes lets through: one tool, and the arguments that name a person, a place, a sum or a destination. */
export interface Grant {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a call of a tool needs people for, as its contract says of that call. */
export interface Need {
  /** The sum that is held against the tool's automatic limit; absent where a person is always needed. */
  readonly sum?: { readonly minor: number; readonly currency: string };
  /** Each has to be covered by a signed yes of its own. */
  readonly grants: readonly NeededGrant[];
  /** In what capacity somebody may have said yes; absent where any member of the house may. */
  readonly roles?: readonly Role[];
}

/** A grant that a call needs, with what it says itself of the yes. */
export interface NeededGrant extends Grant {
  /** Who said yes, as the call has it. */
  readonly by?: string;
  /** Who gains by it, and so may not have said yes. */
  readonly notBy?: string;
  /** The request that was answered, as the call has it. */
  readonly digest?: string;
}

/** Whether a signed grant is the one that is needed, to the last character. */
export const covers = (given: Grant | undefined, needed: Grant): boolean =>
  given !== undefined && given.tool === needed.tool && digestOf(given.args) === digestOf(needed.args);
