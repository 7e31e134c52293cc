import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { castOf } from '../../workers/demo/chaos/cast.ts';
import { goLive } from '../../workers/demo/chaos/live.ts';
import { panelOf, type Seen } from '../../workers/demo/chaos/panel.ts';
import { readExamples } from '../../workers/demo/examples.ts';
import { createScreen } from '../../workers/demo/screen.ts';

describe('the cases that are at work meanwhile', () => {
  it('are of all five processes, in each wave, and none of them is broken by itself', async () => {
    const { waves, whenCut, byCallback } = castOf(await readExamples());
    for (const wave of waves) expect(new Set(wave.map(({ process }) => process)).size).toBe(5);
    const all = [...waves.flat(), ...whenCut, ...byCallback];
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(({ expected }) => expected.outcome === 'failed' || expected.waitsFor === 'exception')).toEqual(
      [],
    );
    for (const { process } of [...whenCut, ...byCallback]) expect(process).toBe('onboardCustomer');
  });
});

describe('the live view', () => {
  const child = { name: 'worker', pid: 4711, ready: Promise.resolve(), stop: async () => undefined };
  const crew = {
    all: [
      { name: 'worker-1', child, killed: true },
      { name: 'worker-2', child: { ...child, pid: 4712 }, killed: false },
    ],
  };
  const example = { process: 'placeOrder', name: 'a', input: { requestId: 'a' } } as const;
  const begun = (workflowId: string, ended = false) => ({
    run: { workflowId, runId: 'r' },
    example: { ...example, expected: { outcome: 'created', effects: 1, answers: [] } },
    expected: { outcome: 'created', effects: 1 },
    ...(ended ? { end: { outcome: 'created' } } : {}),
  });
  const seen: Seen = {
    elapsedMs: 83_400,
    breaking: 'the provider is gone',
    waiting: new Set(['b']),
    roles: [{ role: 'operations', requests: 1, oldestMs: 0 }],
    breakers: [{ model: 'first-fast', state: 'open', worker: 'worker-2' }],
    asked: 3,
  };

  it('has a mark for each case by its stage, what is broken, and who is waited for', () => {
    const cases = { all: [begun('a'), begun('b'), begun('c', true)] };
    const lines = panelOf({ cases, crew } as never, seen, (style, words) => `<${String(style)} ${words}>`);
    const text = lines.join('\n');
    expect(text).toContain('<green ■><yellow ■><cyan ■> 1 at work, 1 waiting, 1 ended');
    expect(text).toContain('01:23');
    expect(text).toContain('<bold the provider is gone>');
    expect(text).toContain('<red worker-1 (4711) dead>, worker-2 (4712)');
    expect(text).toContain('<red first-fast open in worker-2>');
    expect(text).toContain('asked 3 times');
    expect(text).toContain('operations 1');
  });

  /** A terminal, or none, that remembers what was written and how far up the cursor went. */
  function canvas(isTTY: boolean) {
    const written: string[] = [];
    const moved: number[] = [];
    const stream = Object.assign(new PassThrough(), {
      ...{ isTTY, columns: 100, rows: 40 },
      write: (text: string) => written.push(text) > 0,
      moveCursor: (_x: number, y: number) => moved.push(y) > 0,
      cursorTo: () => true,
      clearScreenDown: () => true,
    }) as unknown as NodeJS.WriteStream;
    return { stream, written, moved };
  }

  it('stays below the story, and goes when it is stopped', async () => {
    const { stream, written, moved } = canvas(true);
    const live = goLive(stream, createScreen(stream));
    const client = { workflow: { list: async function* () {} } };
    const chaos = {
      cases: { all: [begun('a')] },
      crew: { all: [], openBreakers: async () => [] },
      props: { books: [] },
    };
    live.watch({ ...chaos, stage: { house: { client } } } as never);
    await expect.poll(() => written.join(''), { timeout: 20_000 }).toContain('1 at work');
    const height = written.join('').split('\n').length - 1;
    live.screen.say('a worker is dead');
    expect(moved).toContain(-height);
    const last = written.slice(written.findIndex((text) => text.includes('a worker is dead'))).join('');
    expect(stripVTControlCharacters(last)).toContain('1 at work');
    const before = written.length;
    live.stop();
    live.screen.say('over');
    expect(written.slice(before).join('')).not.toContain('1 at work');
  });

  it('is none where nobody looks on', () => {
    const { stream, written } = canvas(false);
    const live = goLive(stream, createScreen(stream));
    live.watch({} as never);
    live.now('a worker is dead');
    live.screen.say('told');
    live.stop();
    expect(written).toEqual(['  told\n']);
  });
});
