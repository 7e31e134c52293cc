import { describe, expect, it } from 'vitest';
import { NOTHING_YET, paidCalls, withLostCalls } from '../../contracts/checkpoint.ts';
import type { Checkpoint, ModelCall, Proposal } from '../../contracts/decision.ts';

const answered: ModelCall = {
  model: 'm',
  simulated: false,
  outcome: 'invalid',
  costMicroUsd: 7,
  inputTokens: 1,
  outputTokens: 1,
  ms: 1,
};
const proposal: Proposal = {
  tool: 't.t',
  call: {},
  complete: true,
  confidence: 1,
  reasoning: '',
  model: 'm',
  simulated: false,
  prompt: { version: 'v1', sha256: 'x' },
};
const at = (attempt: number, ended: boolean, more: Partial<Checkpoint> = {}): Checkpoint => ({
  attempt,
  ended,
  calls: [answered],
  ...more,
});

describe('calls that an attempt may have lost', () => {
  it.each<[string, Checkpoint, number, number]>([
    ['no attempt was made yet', NOTHING_YET, 0, 0],
    ['one attempt died before it said anything', NOTHING_YET, 1, 1],
    ['two attempts died before they said anything', NOTHING_YET, 2, 2],
    ['the last attempt ended and told everything', at(1, true), 1, 0],
    ['the last attempt died at work', at(1, false), 1, 1],
    ['the last one ended, and the next died in silence', at(1, true), 2, 1],
    ['there was a proposal: nobody asked a model again', at(1, false, { proposal }), 3, 0],
  ])('%s → %d attempts begun, so many lost', (_, checkpoint, attemptsBegun, lost) => {
    const calls = withLostCalls(checkpoint, attemptsBegun, 50).calls.slice(checkpoint.calls.length);
    expect(calls).toHaveLength(lost);
    for (const call of calls) expect(call).toMatchObject({ outcome: 'unknown', costMicroUsd: 50 });
  });

  it('are no more than the attempts could pay for together: one that began beyond it has asked nobody', () => {
    expect(withLostCalls(NOTHING_YET, 3, 50, 1).calls).toHaveLength(1);
    expect(withLostCalls(at(1, false), 3, 50, 1).calls).toHaveLength(1);
  });

  it('are none of an agent that asks no model', () => {
    expect(withLostCalls(NOTHING_YET, 2, 0).calls).toEqual([]);
  });

  it('counts every call but those that were certainly free', () => {
    expect(paidCalls([answered, { ...answered, outcome: 'free' }, { ...answered, outcome: 'unknown' }])).toHaveLength(
      2,
    );
  });
});
