import { expect, test } from 'vitest';
import { agents } from '../../agents/index.ts';
import { AGENTS_OF } from '../support/process-agents.ts';
import { describeToolFaults } from '../support/tool-fault-suite.ts';

// TR-32, TR-33, TR-34: malformed, empty, truncated, silent, 429, an error inside a success, too large.
// Each process runs its agents through it; here are those of onboarding, of tickets, and the ways out that all share.
describeToolFaults([...AGENTS_OF.onboarding, ...AGENTS_OF.tickets, ...AGENTS_OF.all]);

test('no agent of the catalogue is left out by these suites (TR-34)', () => {
  const names = Object.values(AGENTS_OF).flatMap((some) => some.map(({ name }) => name));
  expect(names.sort()).toEqual(Object.keys(agents).sort());
});
