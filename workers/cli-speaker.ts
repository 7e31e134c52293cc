import type { Speaker } from '../client/cli/temporal-approvals.ts';
import { Mistake, Refused, type Terminal } from '../client/cli/words.ts';
import { type EmbeddedKeys, readEmbeddedKeys } from '../client/http/access/embedded-people.ts';
import { KeyFileBroken } from '../client/http/access/key-file.ts';
import { openKeys } from '../client/http/access/keys.ts';
import type { OpenRequest } from '../contracts/messages.ts';
import { signerOf } from './answer-keys.ts';
import type { Config } from './config.ts';

/** Who is there for trying and is a program: it answers for customers, as an application would. */
const APPLICATION = 'application';

const NOBODY =
  'Nobody is believed here: set GOVERNOR_API_KEY to your own key of the API, or use the house of this machine (npm run dev).';

/**
 * Who answers, on a machine where people for trying have their keys in the state folder: the name alone is not believed,
 * the key in that file is.
 * @throws Mistake where nobody is named, and Refused where whoever is has no key that is good
 */
export async function embeddedSpeaker(
  config: Config,
  as: string | undefined,
  request: OpenRequest,
  choose: Terminal['choose'],
): Promise<Speaker> {
  const people = await readEmbeddedKeys(config.access.peopleFile).catch(inWords);
  if (!people) throw new Refused(NOBODY);
  const wanted = as ?? (await chosen(people, choose));
  const entry = entryFor(people, wanted, request);
  const key = people[entry];
  const identity = key === undefined ? undefined : await openKeys(keysOf(config)).identify(key);
  if (!identity)
    throw new Refused(`The key of ${entry} is not good any more. The house makes new ones when it starts.`);
  const { person } = identity.principal;
  return { person: entry === APPLICATION ? wanted : (person ?? entry), signer: signerOf(config) };
}

const keysOf = ({ access }: Config) => ({ file: access.keysFile, takesEmbedded: true });

/** A customer has no key of the house; the application that they write by has. */
function entryFor(people: EmbeddedKeys, wanted: string, request: OpenRequest): string {
  const entry = Object.keys(people).find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (entry && entry !== APPLICATION) return entry;
  if (request.role === 'customer' && Object.hasOwn(people, APPLICATION) && wanted !== APPLICATION) return APPLICATION;
  throw new Refused(`${wanted} has no key here. People who have: ${namesIn(people).join(', ')}.`);
}

const namesIn = (people: EmbeddedKeys): string[] => Object.keys(people).filter((name) => name !== APPLICATION);

async function chosen(people: EmbeddedKeys, choose: Terminal['choose']): Promise<string> {
  const names = namesIn(people);
  const name = await choose?.('Who answers?', names);
  if (name) return name;
  throw new Mistake(`Say who answers: --as <person>. People who have a key here: ${names.join(', ')}.`);
}

function inWords(error: unknown): never {
  throw error instanceof KeyFileBroken ? new Refused(error.message) : error;
}
