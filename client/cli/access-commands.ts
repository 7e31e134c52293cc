import type { Command } from 'commander';
import { KeyFileBroken, type KeyRecord, readKeyFile } from '../http/access/key-file.ts';
import { addKey, MAX_KEY_DAYS, revokeKey } from '../http/access/keys.ts';
import { API_ROLES, ApiRole, DEFAULT_TENANT, PersonName, Tenant } from '../http/access/principal.ts';
import { findName, Mistake, Refused, type Terminal, table } from './words.ts';

export interface AccessDesk {
  /** The file that keeps the keys' digests. */
  readonly keysFile: string;
  /** The directory's name of a person, given it or an alias of it; nothing for somebody who is not in it. */
  canonical(name: string): Promise<string | undefined>;
}

interface AddOptions {
  readonly roles: string;
  readonly person?: string;
  readonly tenant: string;
  readonly days: string;
}

const KEY_NAME = /^[a-z0-9][a-z0-9.-]{0,59}$/;
const DAY_MS = 24 * 3600 * 1000;
/** Who rotates by hand wants to hear of it before the key is over. */
const SOON_MS = 7 * DAY_MS;

/** `governor access key …`: who may call the API by a key. */
export function addAccessCommands(program: Command, desk: AccessDesk, terminal: Terminal): void {
  const key = program.command('access').description('who may call the API').command('key').description('its keys');

  key
    .command('add')
    .argument('<name>', 'what it is for; a key that follows another has the same name')
    .requiredOption('--roles <roles>', `commas between several of ${API_ROLES.join(', ')}`)
    .option('--person <person>', 'whose it is; without it the key is a program and answers no request')
    .option('--tenant <tenant>', 'whose cases it reaches', DEFAULT_TENANT)
    .option('--days <days>', `how long it is good, 1 to ${MAX_KEY_DAYS}`, '30')
    .description('make a key; it is shown once and kept nowhere')
    .action((name: string, options: AddOptions) => inWords(() => add(desk, terminal, name, options)));

  key
    .command('list')
    .option('--json', 'one JSON array')
    .description('the keys that are kept, without their secrets')
    .action(({ json }: { json?: true }) => inWords(() => list(desk, terminal, json)));

  key
    .command('revoke')
    .argument('<id>', 'as `list` shows it, or the key itself')
    .description('end a key, and the sessions that it has opened, at once')
    .action((id: string) => inWords(() => revoke(desk, terminal, id)));
}

async function add(desk: AccessDesk, terminal: Terminal, name: string, options: AddOptions): Promise<void> {
  if (!KEY_NAME.test(name)) throw new Mistake('Name the key with small letters, digits, dots and dashes.');
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > MAX_KEY_DAYS)
    throw new Mistake(`A key is good for 1 to ${MAX_KEY_DAYS} days.`);
  if (!Tenant.safeParse(options.tenant).success)
    throw new Mistake('Name the tenant with small letters, digits and dashes.');
  const roles = options.roles.split(/[\s,]+/).map((role) => ApiRole.parse(findName('role', role, API_ROLES)));
  const person = await personOf(desk, terminal, options.person);
  const { key, record } = await addKey(desk.keysFile, { name, tenant: options.tenant, roles, person, days });
  terminal.err(`Key ${record.id} is good until ${record.expiresAt}. It is shown this once:`);
  terminal.out(key);
}

/** A customer who is asked for a yes is nobody in the directory, so that is told and not refused. */
async function personOf(desk: AccessDesk, terminal: Terminal, typed: string | undefined): Promise<string | undefined> {
  if (typed === undefined) return undefined;
  if (!PersonName.safeParse(typed).success) throw new Mistake(`${typed} is not a name as the directory has them.`);
  const known = await desk.canonical(typed);
  if (!known) terminal.err(`${typed} is nobody in the directory, and so answers only what names ${typed}.`);
  return known ?? typed;
}

async function list(desk: AccessDesk, terminal: Terminal, json: true | undefined): Promise<void> {
  const keys = await readKeyFile(desk.keysFile);
  if (json) return terminal.out(JSON.stringify(keys.map(({ sha256: _, ...shown }) => shown)));
  if (keys.length === 0) return terminal.out('There are no keys. Make one with: governor access key add');
  const now = Date.now();
  const rows = keys.map((record) => [
    record.id,
    record.name,
    record.person ?? '',
    record.tenant,
    record.roles.join(' '),
    stateOf(record, now),
  ]);
  terminal.out(table([['id', 'name', 'person', 'tenant', 'roles', 'good'], ...rows]));
}

function stateOf({ revokedAt, expiresAt }: KeyRecord, now: number): string {
  if (revokedAt) return `revoked ${revokedAt.slice(0, 10)}`;
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return `expired ${expiresAt.slice(0, 10)}`;
  return `until ${expiresAt.slice(0, 10)}${left < SOON_MS ? ', soon over' : ''}`;
}

async function revoke(desk: AccessDesk, terminal: Terminal, typed: string): Promise<void> {
  const id = /^gov_([0-9a-f]{12})_/.exec(typed)?.[1] ?? typed;
  const record = await revokeKey(desk.keysFile, id);
  if (!record) throw new Mistake('There is no key of that id. `governor access key list` shows those that there are.');
  terminal.out(`Key ${record.id} (${record.name}) is good no more.`);
}

/** A file that can't be trusted is a no in words, and not a bug. */
async function inWords(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw error instanceof KeyFileBroken ? new Refused(error.message) : error;
  }
}
