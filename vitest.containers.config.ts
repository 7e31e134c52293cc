import { defineConfig } from 'vitest/config';

/** `npm run test:containers`: builds the image and runs the whole stack. Not among the other tests: it needs an engine. */
export default defineConfig({
  test: {
    globals: false,
    pool: 'forks',
    environment: 'node',
    include: ['test/containers/**/*.test.ts'],
    // What it builds and starts takes minutes on a busy machine.
    testTimeout: 300_000,
    hookTimeout: 2_400_000,
    fileParallelism: false,
    bail: 1,
    reporters: ['verbose'],
  },
});
