import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildBundle } from '../../workers/bundle.ts';
import { loadConfig } from '../../workers/config.ts';
import { findServer, startServer } from '../../workers/server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Host and port of a dev server in memory. */
    temporalAddress: string;
    /** The dev server's program, for tests that stop and start servers of their own; empty where another's server is used. */
    temporalProgram: string;
    /** The workflow bundle, for `workflowBundle: { codePath }`. */
    bundlePath: string;
  }
}

/** What server and bundle cost is paid once, and only when a test is going to run that needs them. */
export default async function provide(project: TestProject): Promise<() => Promise<void>> {
  const { stateDir, temporal } = loadConfig();
  const log = (words: string): void => console.error(words);
  const scratch = await mkdtemp(join(tmpdir(), 'governor-test-'));
  // A dev server of this folder is not for tests, so it is not looked for.
  const choice = await findServer({
    stateDir,
    address: temporal.address,
    path: process.env['PATH'],
    log,
    reuse: false,
  });
  const [server, bundlePath] = await Promise.all([
    startServer(choice, { stateDir: scratch, port: 0, inMemory: true, log }),
    buildBundle(resolve(stateDir)),
  ]);
  project.provide('temporalAddress', server.address);
  project.provide('temporalProgram', choice.kind === 'program' ? choice.path : '');
  project.provide('bundlePath', bundlePath);
  return async () => {
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  };
}
