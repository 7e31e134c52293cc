import { defineConfig } from 'vitest/config';

/** Tests that need neither a server nor a bundle start at once; the others share one of each. */
const shared = { globals: false, pool: 'forks', environment: 'node' } as const;

export default defineConfig({
  test: {
    // Two cores, and the server wants its share of them.
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/*.test.ts', 'test/{unit,wire,contract,lint}/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'desk',
          include: ['test/desk/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'server',
          include: ['test/{server,workflow,http,replay,crash,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/global-setup.ts'],
          // They wait for what happens, and a machine that is busy with other work takes its time.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
