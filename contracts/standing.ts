import { asRead } from './as-read.ts';
import type { Person } from './directory.ts';
import type { Role } from './roles.ts';

/** Who is asked: whoever has one of the roles, or certain people alone. */
export interface Asked {
  readonly roles: readonly Role[];
  readonly named?: readonly string[] | undefined;
  /** Nobody stands in for them: the policy has stand-ins of its own. */
  readonly personally?: boolean | undefined;
  /** Handed on by one of them, for one request. */
  readonly delegated?: { readonly from: string; readonly to: string } | undefined;
}

/** In what capacity somebody may answer, and for whom where that is not for themselves. */
export interface Standing {
  readonly person: Person;
  readonly role: Role;
  readonly for?: string;
}

/** Names are compared as people read them: nobody becomes another person by a capital letter, a space or an accent. */
export const sameAs = ({ person, aliases }: Pick<Person, 'person' | 'aliases'>, name: string): boolean => {
  const wanted = asRead(name);
  return [person, ...aliases].some((each) => asRead(each) === wanted);
};

export const findPerson = <P extends Pick<Person, 'person' | 'aliases'>>(
  people: readonly P[],
  name: string,
): P | undefined => people.find((person) => sameAs(person, name));

/** In what capacity this person may answer now; nothing where they may not. */
export function standingOf(
  directory: readonly Person[],
  asked: Asked,
  name: string,
  now: number,
): Standing | undefined {
  const person = findPerson(directory, name);
  if (!person) return undefined;
  const own = roleIn(person, asked);
  if (own) return { person, role: own };
  if (asked.personally) return undefined;
  const handedOn = asked.delegated;
  if (handedOn && sameAs(person, handedOn.to)) return inPlaceOf(directory, asked, person, handedOn.from);
  const away = directory.find((one) => roleIn(one, asked) && standInOf(one, now) === person.person);
  return away && inPlaceOf(directory, asked, person, away.person);
}

/** Everybody who may answer now. */
export const allWhoMay = (directory: readonly Person[], asked: Asked, now: number): Standing[] =>
  directory.flatMap((one) => standingOf(directory, asked, one.person, now) ?? []);

function inPlaceOf(
  directory: readonly Person[],
  asked: Asked,
  person: Person,
  principal: string,
): Standing | undefined {
  const holder = findPerson(directory, principal);
  const role = holder && roleIn(holder, asked);
  return holder && role ? { person, role, for: holder.person } : undefined;
}

/** The role in which somebody is asked: the first of those that are asked, or any of theirs where they are asked by name. */
function roleIn({ person, roles }: Person, asked: Asked): Role | undefined {
  const role = asked.roles.find((one) => roles.includes(one));
  if (!asked.named) return role;
  return asked.named.includes(person) ? (role ?? roles[0]) : undefined;
}

/** Who acts for somebody who is out of office at this instant. */
const standInOf = ({ away = [] }: Person, now: number): string | undefined =>
  away.find(({ from, to }) => Date.parse(from) <= now && now < Date.parse(to))?.delegate;
