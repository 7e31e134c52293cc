import { describe, expect, it } from 'vitest';
import { type Breaker, type CallHealth, closedReason, createBreaker } from '../../models/breaker.ts';

const SETTINGS = { errors: 3, slowCalls: 2, slowOf: 4, slowMs: 1000, coolDownMs: 10_000, longestCoolDownMs: 30_000 };

function setUp() {
  const clock = { now: 0 };
  return { clock, breaker: createBreaker(SETTINGS, () => clock.now) };
}

function call(breaker: Breaker, health: CallHealth, ms = 10): void {
  const pass = breaker.begin();
  expect(pass, 'the breaker lets the call through').toBeDefined();
  pass?.ended(health, ms, 'overloaded');
}

function open(breaker: Breaker): void {
  for (let error = 0; error < SETTINGS.errors; error++) call(breaker, 'error');
  expect(breaker.state().kind).toBe('open');
}

describe('a model’s breaker (BA-85, BA-86)', () => {
  it('opens on errors in a row and then lets no call through', () => {
    const { breaker } = setUp();
    open(breaker);

    expect(breaker.begin()).toBeUndefined();
    expect(breaker.state()).toMatchObject({ why: '3 errors in a row, the last: overloaded', until: 10_000 });
  });

  it('does not open where a good call comes in between', () => {
    const { breaker } = setUp();
    for (const health of ['error', 'error', 'ok', 'error', 'error'] as const) call(breaker, health);

    expect(breaker.state().kind).toBe('closed');
  });

  it('opens on slowness though every call succeeds (BA-86)', () => {
    const { breaker } = setUp();
    for (const ms of [20, 1500, 20, 1500]) call(breaker, 'ok', ms);

    expect(breaker.state()).toMatchObject({ kind: 'open', why: '2 of the last 4 calls took over 1000 ms' });
  });

  it('forgets slow calls that lie further back than it looks', () => {
    const { breaker } = setUp();
    for (const ms of [1500, 20, 20, 20, 1500]) call(breaker, 'ok', ms);

    expect(breaker.state().kind).toBe('closed');
  });

  it('opens at once where the key is refused', () => {
    const { breaker } = setUp();
    call(breaker, 'trip');

    expect(breaker.state().kind).toBe('open');
  });

  it('counts nothing that the caller did itself', () => {
    const { breaker } = setUp();
    for (let time = 0; time < 10; time++) call(breaker, 'unrelated', 5000);

    expect(breaker.state()).toEqual({ kind: 'closed', errors: 0, slow: [] });
  });

  it('lets exactly one call try after the cool-down, and closes when that goes well', () => {
    const { breaker, clock } = setUp();
    open(breaker);
    clock.now = 9_999;
    expect(breaker.begin()).toBeUndefined();

    clock.now = 10_000;
    const trial = breaker.begin();
    expect(breaker.begin(), 'a second call beside the trial').toBeUndefined();
    trial?.ended('ok', 10);

    expect(breaker.state()).toEqual({ kind: 'closed', errors: 0, slow: [] });
  });

  it.each([
    ['fails', 'error', 10],
    ['is slow', 'ok', 1500],
  ] as const)('opens again where the trial %s', (_, health, ms) => {
    const { breaker, clock } = setUp();
    open(breaker);
    clock.now = 10_000;
    breaker.begin()?.ended(health, ms, 'overloaded');

    expect(breaker.state()).toMatchObject({ kind: 'open', until: 30_000 });
  });

  it('waits twice as long after each trial that fails, up to its longest, and begins anew once it has closed', () => {
    const { breaker, clock } = setUp();
    open(breaker);
    const waits: number[] = [];
    for (const health of ['error', 'error', 'error', 'ok'] as const) {
      const { until } = breaker.state() as { until: number };
      waits.push(until - clock.now);
      clock.now = until;
      call(breaker, health);
    }
    expect(waits).toEqual([10_000, 20_000, 30_000, 30_000]);
    open(breaker);
    expect(closedReason(breaker.state(), clock.now)).toMatchObject({ retryInMs: 10_000 });
  });

  it('gives the trial to the next call where the first was cancelled', () => {
    const { breaker, clock } = setUp();
    open(breaker);
    clock.now = 10_000;
    breaker.begin()?.ended('unrelated', 10);

    call(breaker, 'ok');
    expect(breaker.state().kind).toBe('closed');
  });

  it('is not closed by an old call that ends well after it opened, nor told twice by one call', () => {
    const { breaker, clock } = setUp();
    const early = breaker.begin();
    open(breaker);
    early?.ended('ok', 10);
    expect(breaker.state().kind).toBe('open');

    clock.now = 10_000;
    const trial = breaker.begin();
    trial?.ended('error', 10);
    trial?.ended('ok', 10);
    expect(breaker.state().kind).toBe('open');
  });

  it('counts a call once, however often it is told', () => {
    const { breaker } = setUp();
    const pass = breaker.begin();
    for (let time = 0; time < 5; time++) pass?.ended('error', 10);

    expect(breaker.state()).toMatchObject({ kind: 'closed', errors: 1 });
  });

  it('keeps a model out for good once it is taken out', () => {
    const { breaker, clock } = setUp();
    breaker.takeOut('it lied about usage');
    clock.now = 1e9;

    expect(breaker.begin()).toBeUndefined();
    expect(closedReason(breaker.state(), clock.now)).toEqual({ why: 'taken out: it lied about usage' });
  });

  it('says for how long it stays open', () => {
    const { breaker, clock } = setUp();
    open(breaker);
    clock.now = 4_000;

    expect(closedReason(breaker.state(), clock.now)).toMatchObject({ retryInMs: 6_000 });
  });
});
