import { afterAll, describe, expect, inject, it } from 'vitest';
import { holds, markdownOf, reportOf } from '../soak/report.ts';
import { soak } from '../soak/run.ts';
import { rigServer } from '../support/crash/rig-server.ts';

const CASES = 104;
const SEED = 11;
const PATIENCE_MS = 15 * 60_000;

describe('a hundred cases of all processes, while everything around them breaks', () => {
  const told: string[] = [];
  afterAll(() => console.log(told.at(-1)));

  it(
    'end as they should, with each effect once and each micro-dollar accounted for (PF-46, CD-75, BA-88)',
    async () => {
      const { server } = rigServer();
      const bundlePath = inject('bundlePath');
      const result = await soak({ cases: CASES, seed: SEED, server, bundlePath, say: (words) => told.push(words) });
      const report = reportOf(result, { cases: CASES, seed: SEED, commit: 'this one' });
      told.push(markdownOf(report));
      expect(result.violations).toEqual([]);
      expect(holds(report)).toBe(true);
      expect(Object.entries(result.faults).filter(([, times]) => times === 0)).toEqual([]);
      expect(result.facts.cases).toHaveLength(CASES);
      expect(report.answers.tooLate).toBeGreaterThan(0);
      expect(report.accounts.settledCalls).toBeGreaterThan(CASES);
    },
    PATIENCE_MS,
  );
});
