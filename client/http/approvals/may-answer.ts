import type { Person } from '../../../contracts/directory.ts';
import type { OpenRequest, RequestSummary } from '../../../contracts/messages.ts';
import { findPerson, sameAs, standingOf } from '../../../contracts/standing.ts';

export interface MayAnswer {
  readonly may: boolean;
  readonly whyNot?: string;
}

type Asked = Pick<RequestSummary, 'role' | 'named' | 'barred' | 'claimedBy' | 'delegated'> &
  Partial<Pick<OpenRequest, 'ladder' | 'remarks'>>;

/**
 * Whether somebody would be heard on a request, as far as it can be told from here; the case has the last word.
 * @param name the caller, where the credential names a person
 */
export function mayAnswer(
  people: readonly Person[],
  name: string | undefined,
  request: Asked,
  now = Date.now(),
): MayAnswer {
  if (name === undefined) return no('Requests are answered by people, and this credential names nobody.');
  const { role, named, barred, ladder = [] } = request;
  const known = findPerson(people, name) ?? { person: name, aliases: [] };
  if (barred.some((each) => sameAs(known, each))) return no('Nobody answers about their own request.');
  // Which customer it is, the case knows.
  if (role === 'customer') return findPerson(people, name) ? no('Only the customer answers this.') : { may: true };
  const roles = [...new Set([role, ...ladder.map((rung) => rung.role)])];
  const delegated = handedOn(request);
  const standing = standingOf(people, { roles, named, delegated }, name, now);
  if (!standing) return no(onlyThese(request));
  const { for: principal } = standing;
  if (principal && isAmong(people, principal, barred))
    return no(`Whoever stands in for ${principal} answers as little about their request as they do.`);
  const { claimedBy } = request;
  if (claimedBy && !sameAs(standing.person, claimedBy))
    return no(`${claimedBy} has claimed it: they decide or release it, or somebody escalates it.`);
  return { may: true };
}

function handedOn({ remarks = [], delegated }: Asked): RequestSummary['delegated'] {
  const handed = remarks.findLast(({ verdict }) => verdict === 'delegate');
  return handed?.to === undefined ? delegated : { from: handed.by, to: handed.to };
}

const isAmong = (people: readonly Person[], name: string, barred: readonly string[]): boolean =>
  barred.some((each) => sameAs(findPerson(people, name) ?? { person: name, aliases: [] }, each));

const onlyThese = ({ named, ladder, role }: Asked): string =>
  named
    ? `Only ${named.join(' or ')} may answer this.`
    : `Only somebody with the role ${[...new Set([role, ...(ladder ?? []).map((rung) => rung.role)])].join(' or ')} may answer this.`;

const no = (whyNot: string): MayAnswer => ({ may: false, whyNot });
