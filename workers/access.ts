import { type Access, openAccess } from '../client/http/access/access.ts';
import {
  type EmbeddedKeys,
  embeddedPeople,
  embeddedProblem,
  takesEmbedded,
} from '../client/http/access/embedded-people.ts';
import type { AccessLog } from '../client/http/access/guard.ts';
import { addressOf, isLoopback } from '../client/http/access/origin.ts';
import type { AccessConfig } from './access-settings.ts';

/** Where the API is: the interface that it binds, and the address that people are given. */
export interface ApiPlace {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
}

/** The part of the configuration that says who may come in, and from where. */
interface Installation {
  readonly access: AccessConfig;
  readonly outsideHost: string;
  readonly tools: { readonly host: string };
}

/**
 * The door of an API's process.
 * @throws Error where there are keys for trying and others reach this machine
 */
export async function openDoor(installation: Installation, place: ApiPlace, log: AccessLog): Promise<Access> {
  const { keysFile, issuer } = installation.access;
  const address = addressOf(place.publicUrl, place.host, place.port);
  const hosts = [place.host, ...neighbours(installation)];
  const problem = await embeddedProblem(keysFile, hosts, address);
  if (problem) throw new Error(problem);
  return openAccess({ keysFile, issuer, address, takesEmbedded: takesEmbedded(hosts, address), log });
}

/**
 * The keys of the people for trying in a house, or nothing where it has keys of its own, or where others reach it.
 * Throws `KeyFileBroken` where they lie open.
 */
export async function housePeople(installation: Installation, apiHost: string): Promise<EmbeddedKeys | undefined> {
  const { access } = installation;
  const isAlone = [apiHost, ...neighbours(installation)].every(isLoopback);
  return access.hasOwnKeys || !isAlone ? undefined : embeddedPeople(access);
}

const neighbours = ({ tools, outsideHost }: Installation): string[] => [tools.host, outsideHost];
