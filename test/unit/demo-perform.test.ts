import { describe, expect, it } from 'vitest';
import type { CaseEnd, Governor } from '../../client/index.ts';
import type { CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { countEffects } from '../../outside/counts.ts';
import type { Example } from '../../workers/demo/examples.ts';
import { perform } from '../../workers/demo/perform.ts';
import { fullRequest } from '../support/full-request.ts';

const EXAMPLE: Example = {
  process: 'placeOrder',
  name: 'order-too-dear',
  input: { requestId: 'ord-1' },
  expected: { outcome: 'declined', effects: 0, answers: [] },
};
const PATIENCE = { toItsEndMs: 60_000, onceCancelledMs: 50 };

const statusWith = (waiting: OpenRequest[]): CaseStatus => ({
  process: 'placeOrder',
  stage: 'closing',
  startedAt: '2026-01-05T09:00:00Z',
  deadline: '2026-01-06T09:00:00Z',
  release: 'r',
  policy: 'p',
  waiting,
  steps: [],
  budget: { capMicroUsd: 1, spentMicroUsd: 0, reservedMicroUsd: 0, calls: 0 },
  leftBehind: [],
});

/** A case that asks what no example foresees; being cancelled ends it, or makes it ask somebody else. */
function stageOf(endsWhenCancelled: boolean) {
  const { promise: ended, resolve: end } = Promise.withResolvers<CaseEnd>();
  let waiting = [fullRequest({ asks: 'May it be as dear as that?' })];
  const governor: Governor = {
    start: async (_process, _input, workflowId) => ({ workflowId, runId: 'run' }),
    status: async () => statusWith(waiting),
    answer: async () => ({ accepted: false, why: 'nobody answers here' }),
    result: () => ended,
    cancel: async () => {
      waiting = [fullRequest({ approval: 'releaseStock-2', asks: 'releaseStock failed with ToolUnavailable.' })];
      if (endsWhenCancelled) end({ outcome: 'cancelled' });
    },
    history: async (run) => ({
      ...run,
      process: 'placeOrder',
      input: EXAMPLE.input,
      startedAt: 0,
      steps: [],
      modelCalls: 0,
      costMicroUsd: 0,
    }),
  };
  const counts = () => countEffects({ stateDir: '/nowhere' });
  return { governor, counts, evening: 'now', answer: () => governor.answer({ workflowId: '', runId: '' }, NOBODY) };
}
const NOBODY = { approval: 'a', verdict: 'approve', by: 'nobody', digest: 'ab12ab12' } as const;

describe('an example that asks what it did not foresee', () => {
  it('is cancelled, and told with what it asked', async () => {
    const { report, differences } = await perform(stageOf(true), EXAMPLE, PATIENCE);
    expect(report.outcome).toBe('cancelled');
    expect(differences).toContain('nobody was expected to be asked: May it be as dear as that?');
  });

  it('is not waited for for ever where taking things back asks somebody as well', async () => {
    const { report, differences } = await perform(stageOf(false), EXAMPLE, PATIENCE);
    expect(report.outcome).toBe('open');
    expect(differences).toContain('cancelled, it still waits: releaseStock failed with ToolUnavailable.');
  });
});
