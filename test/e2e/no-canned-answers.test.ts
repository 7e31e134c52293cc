import { describe, expect, inject, it } from 'vitest';
import { rigServer } from '../support/crash/rig-server.ts';
import { runToldAnew } from '../support/told-anew.ts';

/**
 * Every name, company, address, document number, date and amount is another one, and sentences stand in another order:
 * what comes out is what the examples say, so nobody has learned them by heart.
 */
describe('the examples, told of other people', () => {
  it.concurrent.each([11, 12])(
    'come out as they should, seed %i (PF-44, TR-34)',
    async (seed) => {
      const { came, expected } = await runToldAnew(seed, { ...rigServer(), bundlePath: inject('bundlePath') });
      expect(Object.keys(came).length).toBeGreaterThan(20);
      expect(came).toEqual(expected);
    },
    120_000,
  );
});
