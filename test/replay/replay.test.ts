import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HistoryAndWorkflowId } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { historiesIn, type Replayed, replayOn } from '../../workers/replay.ts';
import { onboarding } from '../support/cases.ts';
import {
  decisionValues,
  goldenHistory,
  goldenNames,
  goldenValues,
  type Values,
  valuesInHistory,
} from '../support/golden.ts';
import { unpackLastBundle } from '../support/last-bundle.ts';
import { type Spine, startSpine } from '../support/spine.ts';

const HISTORIES = join(import.meta.dirname, 'histories');
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'governor-replay-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Replays, and gathers what differs and what this code decides anew. */
async function replay(
  bundlePath: string,
  histories: AsyncIterable<HistoryAndWorkflowId> | Iterable<HistoryAndWorkflowId>,
) {
  const results: Replayed[] = [];
  const decisions: Record<string, Values['decisions']> = {};
  let lines: Values['decisions'] = [];
  for await (const result of replayOn(bundlePath, histories, (line) => lines.push(decisionValues(line)))) {
    results.push(result);
    decisions[result.name] = lines;
    lines = [];
  }
  return { names: results.map(({ name }) => name), different: results.filter(({ differs }) => differs), decisions };
}

/** The bundle with a change in it, as a careless hand would make it. */
async function mutated(name: string, change: (code: string) => string): Promise<string> {
  const code = await readFile(inject('bundlePath'), 'utf8');
  const made = change(code);
  expect(made, 'the bundle has what is to be changed').not.toBe(code);
  const path = join(scratch, `${name}.js`);
  await writeFile(path, made);
  return path;
}

const twoStepsSwapped = (code: string): string =>
  code.replace(
    /(await step\([\w.]*)sendWelcomeEmail,([\s\S]*?await step\([\w.]*)bookFollowUp,/,
    '$1bookFollowUp,$2sendWelcomeEmail,',
  );
const costsForgotten = (code: string): string => code.replaceAll(/record\.paid\(spentMicroUsd,/g, 'record.paid(0,');

describe('golden histories, as the Temporal CLI shows them', () => {
  it('go through this code command by command, and it makes the same decisions again (PF-45, PM-61, WD-54)', async () => {
    const { names, different, decisions } = await replay(inject('bundlePath'), historiesIn(HISTORIES));
    expect(different).toEqual([]);
    expect(names).toEqual(goldenNames().sort());
    for (const name of names)
      expect({ name, decisions: decisions[name] }).toEqual({ name, decisions: goldenValues(name).decisions });
  });

  it.each(goldenNames())('%s ended as it is written down beside it', (name) => {
    const { ended, activities } = goldenValues(name);
    expect(valuesInHistory(goldenHistory(name))).toEqual({ ended, activities });
  });

  it('hold every way that an onboarding can go', () => {
    expect(goldenNames().map((name) => name.replace(/-\d+$/, ''))).toEqual(
      expect.arrayContaining(['cancelled', 'clean', 'over-budget', 'stale-cache', 'tool-retry', 'watch-list']),
    );
  });

  it('refuse a workflow with two steps swapped', async () => {
    const { different } = await replay(await mutated('swapped', twoStepsSwapped), historiesIn(HISTORIES));
    const cleanOnes = goldenNames().filter((name) => goldenValues(name).ended.outcome === 'onboarded');
    expect(different.map(({ name }) => name)).toEqual(cleanOnes.sort());
  });

  it('show a change that no command shows: a step that forgets its cost', async () => {
    const { different, decisions } = await replay(await mutated('cheap', costsForgotten), historiesIn(HISTORIES));
    expect(different).toEqual([]);
    expect(decisions['clean-1']).not.toEqual(goldenValues('clean-1').decisions);
  });
});

describe('runs of this code', () => {
  let spine: Spine;
  let fresh: HistoryAndWorkflowId[];
  beforeAll(async () => {
    spine = await startSpine();
    const handle = await spine.start('onboardCustomer', onboarding(), 'replay-fresh');
    await handle.result();
    fresh = [{ workflowId: handle.workflowId, history: await handle.fetchHistory() }];
  });
  afterAll(() => spine.stop());

  it('go on under the last version, so that a deploy can be taken back (PF-45)', async () => {
    const { names, different } = await replay(await unpackLastBundle(scratch), fresh);
    expect({ names, different }).toEqual({ names: ['replay-fresh'], different: [] });
  });

  it('are replayed by the command line from a server that runs, before a deploy', async () => {
    const args = ['--from-server', '--query', 'WorkflowId = "replay-fresh"'];
    expect(await commandLine(args)).toEqual({
      code: 0,
      said: 'same     replay-fresh\nThis code does again what all 1 runs have done.\n',
    });
  });

  it('are refused by the command line where the code would do something else', async () => {
    const { code, said } = await commandLine(['--bundle', await mutated('swapped', twoStepsSwapped)]);
    expect(code).toBe(1);
    expect(said).toMatch(/^DIFFERS {2}clean-1: .*\bbookFollowUp\b/m);
    expect(said).toMatch(/would not go on with this code/);
  });
});

async function commandLine(args: readonly string[]): Promise<{ code: number; said: string }> {
  const program = join(import.meta.dirname, '..', '..', 'workers', 'replay.ts');
  const env = { ...process.env, TEMPORAL_ADDRESS: inject('temporalAddress') };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env });
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return { code, said: stdout };
  }
}
