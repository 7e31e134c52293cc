import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Counts, countEffects } from '../../outside/counts.ts';
import type { Arrival } from '../load/arrivals.ts';
import type { Climb, MeasuredStep } from '../load/climb.ts';
import { failuresIn } from '../load/far-side.ts';
import { limitOf, ratioOf, tables } from '../load/figures.ts';
import { isHeld, kneeOf, mostDone, percentile, rungs, type Step } from '../load/knee.ts';
import { usageBetween, usageNow } from '../load/roles.ts';
import { atWork, type Task, tasksIn, waitsIn } from '../load/waits.ts';

const step = (offered: number, done: number, p95Ms: number): Step => ({ offered, done, p50Ms: p95Ms - 100, p95Ms });
/** A house whose slots are used up at a little less than one case a second. */
const risen = [step(0.5, 0.5, 8600), step(0.7, 0.69, 8700), step(0.9, 0.88, 9100), step(1.2, 0.94, 11_000)];

describe('the knee of a rising load', () => {
  it('is the last step that is held: as good as all of it done, and not much slower', () => {
    expect(kneeOf(risen)).toBe(risen[2]);
    expect(mostDone(risen)).toBe(0.94);
  });

  it('is the step before cases take half as long again, even where all are done', () => {
    const [lightest] = risen;
    expect(lightest && isHeld(step(0.7, 0.7, 12_750), lightest)).toBe(true);
    expect(lightest && isHeld(step(0.7, 0.7, 12_751), lightest)).toBe(false);
  });

  it('is not what comes after a step that was not held', () => {
    expect(kneeOf([...risen, step(1.3, 1.3, 8600)])).toBe(risen[2]);
  });

  it('is none where the lightest step is not held already, or nothing has ended', () => {
    expect(kneeOf([step(2, 1, 8600)])).toBeUndefined();
    expect(kneeOf([step(0.5, 0.5, Number.NaN)])).toBeUndefined();
    expect(kneeOf([])).toBeUndefined();
    expect(mostDone([])).toBe(0);
  });

  it('is climbed to by a factor', () => {
    expect(rungs({ from: 2, factor: 1.5, most: 4 })).toEqual([2, 3, 4.5, 6.75]);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
  it.each([
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [1, 100],
  ])('of %f is by the nearest rank', (share, value) => {
    expect(percentile(hundred, share)).toBe(value);
  });

  it('of one value is that value, and of none is no number', () => {
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.99)).toBeNaN();
  });
});

describe('what a history tells of waiting', () => {
  const at = (id: number, ms: number, more: object) => ({
    eventId: id as never,
    eventTime: { seconds: 100 as never, nanos: ms * 1e6 },
    ...more,
  });
  const history = {
    events: [
      at(1, 0, { workflowTaskScheduledEventAttributes: { attempt: 1 } }),
      at(2, 20, { workflowTaskStartedEventAttributes: {} }),
      at(3, 30, { workflowTaskCompletedEventAttributes: { scheduledEventId: 1, startedEventId: 2 } }),
      at(4, 30, { activityTaskScheduledEventAttributes: {} }),
      at(5, 80, { activityTaskStartedEventAttributes: { attempt: 1 } }),
      at(6, 180, { activityTaskCompletedEventAttributes: { scheduledEventId: 4, startedEventId: 5 } }),
      at(7, 200, { activityTaskScheduledEventAttributes: {} }),
      at(8, 900, { activityTaskStartedEventAttributes: { attempt: 2 } }),
      at(9, 950, { activityTaskCompletedEventAttributes: { scheduledEventId: 7, startedEventId: 8 } }),
      at(10, 960, { workflowTaskScheduledEventAttributes: { attempt: 1 } }),
    ],
  };
  const tasks = tasksIn(history);

  it('is every task that was done, from scheduled to started', () => {
    expect(tasks.map(({ kind, attempt }) => [kind, attempt])).toEqual([
      ['workflow', 1],
      ['activity', 1],
      ['activity', 2],
    ]);
    expect(waitsIn(tasks, 'workflow', 100_000, 101_000)).toEqual([20]);
  });

  it('leaves out what waited for a retry, and what was scheduled in another window', () => {
    expect(waitsIn(tasks, 'activity', 100_000, 101_000)).toEqual([50]);
    expect(waitsIn(tasks, 'activity', 100_031, 101_000)).toEqual([]);
  });

  it('is how many activities were at work at once, and of each as much as lies in the window', () => {
    const long: Task = { kind: 'activity', scheduledAt: 0, startedAt: 0, endedAt: 200_000, attempt: 1 };
    expect(atWork([...tasks, long], 100_080, 100_180)).toBe(2);
    expect(atWork(tasks, 100_130, 100_230)).toBe(0.5);
  });
});

const begun = (number: number): Arrival => ({
  requestId: `CR-000${number}`,
  begunAt: 0,
  endedAt: 8600,
  case: { id: `case-${number}`, run: `run-${number}` },
});

/** The far side of a house in which nothing has happened yet. */
const nothing = await countEffects({ stateDir: join(import.meta.dirname, 'no-such-house') });

describe('failures, as the far side knows them', () => {
  const keyed = ({ requestId }: Arrival) => ({ key: `onboardCustomer:${requestId}:step`, id: requestId });
  const left = (arrivals: readonly Arrival[]): Counts => ({
    ...nothing,
    accounts: arrivals.map((each) => ({ ...keyed(each), requestId: each.requestId, state: 'open' })),
    documents: arrivals.map(({ requestId }) => requestId),
    mails: arrivals.map(keyed),
    meetings: arrivals.map(keyed),
    notifications: arrivals.map((each) => ({ ...keyed(each), subjectId: '' })),
    audit: arrivals.map((each) => ({ ...keyed(each), caseId: each.case?.id ?? '', outcome: 'onboarded' })),
  });
  const both = [begun(1), begun(2)];
  const all = left(both);
  const escalation = { key: '', id: 'E-1', caseId: 'case-2', failureType: 'ToolUnavailable', queue: 'operations' };

  it('are none where each case left each effect once', () => {
    expect(failuresIn(both, both, all)).toEqual([]);
  });

  it.each<[string, Partial<Counts>, string[]]>([
    ['an effect that is missing', { mails: all.mails.slice(0, 1) }, ['CR-0002: 0 × mail']],
    ['an effect that is there twice', { meetings: [...all.meetings, keyed(begun(1))] }, ['CR-0001: 2 × meeting']],
    ['an audit that is missing', { audit: all.audit.slice(1) }, ['CR-0001: 0 × audit']],
    ['a welcome kit too many', { documents: ['a', 'b', 'c'] }, ['2 cases left 3 welcome kits']],
    ['a delivery that came twice', { repeatedDeliveries: 1 }, ['1 deliveries came twice']],
    ['a case of which people were told', { escalations: [escalation] }, ['CR-0002: ToolUnavailable']],
    [
      'another end',
      { audit: all.audit.map((each) => ({ ...each, outcome: 'failed' })) },
      ['CR-0001 ended as failed', 'CR-0002 ended as failed'],
    ],
  ])('are %s', (_, change, failures) => {
    expect(failuresIn(both, both, { ...all, ...change })).toEqual(failures);
  });

  it('are a case that the API would not begin, and one that did not end', () => {
    const { case: _case, ...refused } = begun(3);
    const { endedAt: _endedAt, ...open } = begun(1);
    const arrivals = [open, { ...refused, refused: 'Too many calls' }];
    expect(failuresIn(arrivals, arrivals, left([open]))).toEqual([
      'CR-0001 has not ended',
      'CR-0003 was not begun: Too many calls',
    ]);
  });
});

describe('the report of a load', () => {
  const measured = (of: Step, slotsTaken: number, machineBusy: number): MeasuredStep => ({
    ...of,
    ...{ cases: 20, open: 8, slotsTaken, waitP99Ms: { activity: 12, workflow: 7 } },
    usage: { machineBusy, roles: [{ role: 'worker', processes: 1, cores: 0.25, rssMb: 301.4 }] },
  });
  const climbed = (workers: number, most: number, more: Partial<Climb> = {}): Climb => {
    const steps = risen.map((each, at) => measured(each, 0.5 + at * 0.16, 0.4));
    const counts = { cases: 60, modelCalls: 480, drainS: 9, failures: [] };
    return { workers, slots: 8, steps, knee: kneeOf(steps), most, ...counts, ...more };
  };

  it('says what stopped each climb: slots, the CPU, or neither', () => {
    const top = (slotsTaken: number, busy: number) => ({ steps: [measured(step(1, 0.5, 9000), slotsTaken, busy)] });
    expect([limitOf(top(0.98, 0.95)), limitOf(top(0.4, 0.95)), limitOf(top(0.4, 0.5))]).toEqual([
      'slots',
      'CPU',
      'not reached',
    ]);
  });

  it('compares the most workers with the fewest of as many slots', () => {
    const sdk = climbed(1, 5, { slots: 100 });
    expect(ratioOf([climbed(1, 0.94), climbed(2, 1.9), climbed(4, 3.76), sdk])).toEqual({
      workers: [1, 4],
      ratio: 4,
    });
    expect(ratioOf([climbed(1, 0.94), sdk])).toBeUndefined();
    expect(ratioOf([climbed(1, 0), climbed(4, 3)])).toBeUndefined();
  });

  it('shows knee, p95, waits, CPU, memory, failures and the ratio with its aim (CD-76)', () => {
    const text = tables([climbed(1, 0.94), climbed(4, 2.82, { failures: ['CR-0001 has not ended'] })]);
    expect(text).toContain('| 1 × 8 | 0.90 | 0.94 | 9.00 s | 9.10 s | 12 ms | 7 ms | 0 of 60 | slots |');
    expect(text).toContain('| 1 of 60 |');
    expect(text).toContain('| 1 × 8 | 0.25, 301 MB | 0.25 | 284 ms | 40 % busy |');
    expect(text).toContain('1 → 4 workers: 3.00 times as many cases a second (aim ≥ 3.2: missed).');
  });
});

it('what a process uses is told by its role, and what the machine does as a whole', () => {
  const before = usageNow();
  for (const until = Date.now() + 60; Date.now() < until; );
  const { roles, machineBusy } = usageBetween(before, usageNow());
  const runner = roles.find(({ role }) => role === 'runner');
  expect(runner?.rssMb).toBeGreaterThan(20);
  expect(runner?.cores).toBeGreaterThan(0);
  expect(roles.find(({ role }) => role === 'worker')).toMatchObject({ processes: 0, cores: 0 });
  expect(machineBusy).toBeGreaterThan(0);
});
