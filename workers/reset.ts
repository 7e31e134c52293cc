import { access, readdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from './config.ts';
import { runningHouses } from './house-lock.ts';
import { runningServer } from './server.ts';

/** Programs that were fetched hold no state, and fetching them takes a while. */
const FETCHED = 'server';

/**
 * Empties the state folder; fetched programs stay unless `all`. Gives the number of entries that are gone.
 * @throws Error when a house or a server runs on this data, or when the folder cannot be one of ours
 */
export async function emptyState(stateDir: string, all: boolean): Promise<number> {
  await refuseForeign(stateDir);
  const running = await runningServer(stateDir);
  if (running)
    throw new Error(`A server runs on this data, at ${running.address}. Stop it first (Ctrl-C where it was started).`);
  const [house] = await runningHouses(stateDir);
  if (house) throw new Error(`Something runs on the data in ${house}. Stop it first (Ctrl-C where it was started).`);
  const entries = (await readdir(stateDir).catch(() => [])).filter((name) => all || name !== FETCHED);
  for (const name of entries) await rm(join(stateDir, name), { recursive: true, force: true });
  return entries.length;
}

/** GOVERNOR_STATE_DIR may point anywhere by mistake, and what is deleted is gone. */
async function refuseForeign(stateDir: string): Promise<void> {
  const project = resolve(import.meta.dirname, '..');
  const holdsUs = !relative(stateDir, project).startsWith('..');
  const signs = await Promise.all(['.git', 'package.json', '.ssh'].map((name) => exists(join(stateDir, name))));
  if (holdsUs || signs.includes(true)) throw new Error(`${stateDir} is not a state folder, so nothing was deleted.`);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } });
  const { stateDir } = loadConfig();
  const gone = await emptyState(stateDir, values.all);
  const kept = values.all ? '' : ' Fetched programs stay; "npm run reset -- --all" takes them too.';
  console.error(`${stateDir} is empty, ${gone} entries are gone.${kept}`);
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
