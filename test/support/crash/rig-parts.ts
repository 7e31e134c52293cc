import { resolve } from 'node:path';
import { buildBundle } from '../../../workers/bundle.ts';
import { loadConfig } from '../../../workers/config.ts';
import { findServer, type ServerChoice } from '../../../workers/server.ts';

/** What a house of real processes is built from outside of the tests: a server of its own, and the workflow bundle. */
export async function rigParts(
  say: (words: string) => void,
): Promise<{ readonly server: ServerChoice; readonly bundlePath: string }> {
  const { stateDir, searchPath, temporal } = loadConfig();
  const server = await findServer({
    stateDir: resolve(stateDir),
    address: temporal.address,
    path: searchPath,
    reuse: false,
    log: say,
  });
  return { server, bundlePath: await buildBundle(stateDir) };
}
