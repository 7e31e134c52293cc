import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAnswerKeys } from '../../keys/answer-files.ts';

/** Whom our containers run as. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The user `node` of the image: whoever has no user of their own here, or is root, gives their files to that one. */
const IMAGE_USER: Owner = { uid: 1000, gid: 1000 };

/** Our containers run as whoever starts them, so that they can read what belongs to that person alone; never as root. */
export function containerUser(uid = process.getuid?.(), gid = process.getgid?.()): Owner {
  return uid && gid ? { uid, gid } : IMAGE_USER;
}

const OWN = 0o600;
/** Postgres and Grafana read theirs as a user of their image's own. The folder keeps everybody else on this machine out. */
const READ_BY_ANOTHER = 0o644;

interface Secret {
  readonly name: string;
  readonly mode: number;
  /** What is written where there is none. */
  readonly first: (folder: string) => string;
}

const hex = (): string => randomBytes(24).toString('hex');
const nothing = (): string => '';

/** In the order that they are made in. Those that begin empty are for whoever has one. */
const SECRETS: readonly Secret[] = [
  { name: 'postgres-password', mode: READ_BY_ANOTHER, first: hex },
  {
    name: 'database-url',
    mode: OWN,
    first: (folder) =>
      `postgres://governor:${readFileSync(join(folder, 'postgres-password'), 'utf8').trim()}@postgres:5432/governor`,
  },
  { name: 'tools-token', mode: OWN, first: hex },
  { name: 'webhook-secret', mode: OWN, first: () => `whsec_${randomBytes(24).toString('base64')}` },
  { name: 'smtp-url', mode: OWN, first: () => 'smtp://outside:7325' },
  { name: 'anthropic-api-key', mode: OWN, first: nothing },
  { name: 'openai-api-key', mode: OWN, first: nothing },
  { name: 'hubspot-token', mode: OWN, first: nothing },
  { name: 'salesforce-client-secret', mode: OWN, first: nothing },
  { name: 'grafana-password', mode: READ_BY_ANOTHER, first: hex },
];

/** The names of the files in the folder of secrets. */
export const SECRET_NAMES: readonly string[] = SECRETS.map(({ name }) => name);

/**
 * Makes the secrets that are missing, and sees to it that the containers' user can read all of them and nobody else can.
 * What is there keeps its content. Gives the names of those that were made.
 */
export function makeSecrets(folder: string, owner: Owner): string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const made = SECRETS.filter(({ name }) => !existsSync(join(folder, name)));
  for (const { name, mode, first } of made) writeFileSync(join(folder, name), first(folder), { mode, flag: 'wx' });
  for (const { name, mode } of SECRETS) give(join(folder, name), mode, owner);
  return made.map(({ name }) => name);
}

/** Makes the keys of people's answers where there are none: public ones for all processes, a private one for the API. */
export function makeKeys(folder: string, owner: Owner): void {
  const privateDir = join(folder, 'private');
  const files = {
    public: join(folder, 'public', 'answer-keys.json'),
    signing: join(privateDir, 'answer-signing.json'),
  };
  makeAnswerKeys(files);
  give(privateDir, 0o700, owner);
  give(files.signing, OWN, owner);
}

function give(path: string, mode: number, { uid, gid }: Owner): void {
  chmodSync(path, mode);
  if (process.getuid?.() === 0) chownSync(path, uid, gid);
}
