import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelCall } from '../../contracts/decision.ts';
import { Budget, isShortfall, type Reservation } from '../../workflows/budget.ts';

const call = (costMicroUsd: number, outcome: ModelCall['outcome'] = 'answered'): ModelCall => ({
  model: 'm',
  simulated: false,
  outcome,
  costMicroUsd,
  inputTokens: 1,
  outputTokens: 1,
  ms: 1,
});

const budget = (capMicroUsd = 1000, modelCalls = 10) =>
  new Budget({ capMicroUsd, raiseCeilingMicroUsd: 5000, modelCalls });

const reserved = (from: Budget, worst: number, calls: number): Reservation => {
  const result = from.reserve(worst, calls);
  if (isShortfall(result)) throw new Error('the test needs a reservation');
  return result;
};

type Step =
  | { readonly kind: 'reserve'; readonly worst: number; readonly calls: number }
  | { readonly kind: 'settle'; readonly which: number; readonly bills: { cost: number; free: boolean }[] | undefined }
  | { readonly kind: 'raise'; readonly amount: number };

/** Does one step of a random story; `open` are the reservations that nobody has settled yet. */
function take(mine: Budget, open: Reservation[], step: Step): void {
  if (step.kind === 'raise') mine.raise(step.amount);
  if (step.kind === 'reserve') {
    const before = mine.state;
    const result = mine.reserve(step.worst, step.calls);
    if (isShortfall(result)) expect(mine.state).toEqual(before);
    else open.push(result);
  }
  if (step.kind === 'settle') {
    const [one] = open.splice(step.which % Math.max(1, open.length), 1);
    const made = step.bills?.map(({ cost, free }) => call(free ? 0 : cost, free ? 'free' : 'answered'));
    if (one) mine.settle(one, made);
  }
}

describe('budget', () => {
  it('says what is lacking, and changes nothing, before a call that could pass the cap (ON-3, BA-85)', () => {
    const mine = budget();
    reserved(mine, 300, 3);
    expect(mine.reserve(101, 1)).toEqual({ lacksMicroUsd: 1, lacksCalls: 0 });
    expect(mine.state).toEqual({ capMicroUsd: 1000, spentMicroUsd: 0, reservedMicroUsd: 900, calls: 0 });
    expect(isShortfall(mine.reserve(100, 1))).toBe(false);
  });

  it('counts calls against their own cap', () => {
    const mine = budget(1000, 2);
    reserved(mine, 1, 2);
    expect(mine.reserve(1, 1)).toEqual({ lacksMicroUsd: 0, lacksCalls: 1 });
  });

  it('books what calls really cost and frees the rest', () => {
    const mine = budget();
    expect(mine.settle(reserved(mine, 300, 2), [call(40), call(0, 'free')])).toEqual({
      spentMicroUsd: 40,
      overrun: false,
    });
    expect(mine.state).toMatchObject({ spentMicroUsd: 40, reservedMicroUsd: 0, calls: 1 });
  });

  it('keeps everything reserved as spent where nobody knows what was called', () => {
    const mine = budget();
    mine.settle(reserved(mine, 300, 2), undefined);
    expect(mine.state).toMatchObject({ spentMicroUsd: 600, reservedMicroUsd: 0, calls: 2 });
  });

  it('books a bill above the reservation up to it, and says so', () => {
    const mine = budget();
    expect(mine.settle(reserved(mine, 100, 1), [call(999_999)])).toEqual({ spentMicroUsd: 100, overrun: true });
  });

  it('is raised by people up to a ceiling that they cannot pass', () => {
    const mine = budget(4000);
    expect(mine.raise(1001)).toBe(false);
    expect(mine.raise(1000)).toBe(true);
    expect(mine.headroomMicroUsd).toBe(0);
  });

  it('never has more spent and reserved than its cap, whatever comes in which order (ON-3)', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('reserve' as const), worst: fc.nat(400), calls: fc.integer({ min: 1, max: 4 }) }),
      fc.record({
        kind: fc.constant('settle' as const),
        which: fc.nat(20),
        bills: fc.option(fc.array(fc.record({ cost: fc.nat(5000), free: fc.boolean() }), { maxLength: 6 }), {
          nil: undefined,
        }),
      }),
      fc.record({ kind: fc.constant('raise' as const), amount: fc.nat(900) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const mine = budget(1000, 20);
        const open: Reservation[] = [];
        for (const each of steps) {
          const before = mine.state;
          take(mine, open, each);
          const { capMicroUsd, spentMicroUsd, reservedMicroUsd } = mine.state;
          expect(spentMicroUsd + reservedMicroUsd).toBeLessThanOrEqual(capMicroUsd);
          expect(capMicroUsd).toBeLessThanOrEqual(5000);
          expect(spentMicroUsd).toBeGreaterThanOrEqual(before.spentMicroUsd);
          expect(reservedMicroUsd).toBe(open.reduce((sum, { amountMicroUsd }) => sum + amountMicroUsd, 0));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
