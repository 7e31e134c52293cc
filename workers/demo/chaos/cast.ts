import type { Example } from '../examples.ts';

/** Which cases are at work while things are broken. */
export interface Cast {
  /** What is in the middle of its work when a worker is killed, when the provider is cut off, and until it is back. */
  readonly waves: readonly [kill: Example[], cut: Example[], until: Example[]];
  /** Onboardings whose steps of high stakes come when the provider is away. */
  readonly whenCut: readonly Example[];
  /** Onboardings that begin with a callback of an application. */
  readonly byCallback: readonly Example[];
  /** A claim that asks a manager. */
  readonly claim: Example;
}

/** Cases of each process in each wave, so that a small machine is busy and not late. */
const OF_EACH = { kill: 3, cut: 1, until: 1 } as const;
const WHEN_CUT = 4;
const BY_CALLBACK = 3;
const DONE = ['onboarded', 'created', 'back-ordered', 'approved', 'reimbursed', 'partly-reimbursed', 'routed'];
/** What people are asked because something is broken: here that is to be what we break, and nothing else. */
const BROKEN = ['exception', 'budget'];

/** Every example that does its work and has no fault of its own; people may have a say in it. */
export function castOf(examples: readonly Example[]): Cast {
  const whole = examples.filter(
    ({ expected: { outcome, waitsFor = '' } }) => DONE.includes(outcome) && !BROKEN.includes(waitsFor),
  );
  const claim = whole.find(({ process, name }) => process === 'approveExpense' && name === 'manager');
  if (!claim) throw new Error('The example expenses/manager is missing from examples/.');
  const clean = whole.filter(({ process, name }) => process === 'onboardCustomer' && name.startsWith('clean'));
  const whenCut = clean.slice(0, WHEN_CUT);
  const byCallback = clean.slice(WHEN_CUT, WHEN_CUT + BY_CALLBACK);
  const kept = [claim, ...whenCut, ...byCallback];
  const groups = [
    ...Map.groupBy(
      whole.filter((example) => !kept.includes(example)),
      ({ process }) => process,
    ).values(),
  ];
  const { kill, cut, until } = OF_EACH;
  const wave = (from: number, count: number): Example[] => groups.flatMap((group) => group.slice(from, from + count));
  return { waves: [wave(0, kill), wave(kill, cut), wave(kill + cut, until)], whenCut, byCallback, claim };
}
