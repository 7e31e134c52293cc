import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseEnd, CaseHistory, CaseRun, Governor } from '../../client/index.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import { effectCount } from './effects.ts';
import type { Example } from './examples.ts';
import { agentsIn, type Stage, startExample } from './stage.ts';

/** How one example ended, as histories and far sides tell it. */
export interface CaseReport extends CaseRun {
  readonly process: string;
  readonly example: string;
  readonly outcome: string;
  readonly failureType: string | null;
  /** The last agent of the story that ran, where the story did not come to its end. */
  readonly stoppedAt: string | null;
  readonly modelCalls: number;
  readonly costMicroUsd: number;
  readonly effects: number;
  readonly durationMs: number;
}

/** An example that was run to its end, and what was not as its `.expect.json` says. */
export interface Performance {
  readonly report: CaseReport;
  readonly differences: readonly string[];
}

/** How long an example is waited for, milliseconds. */
export interface Patience {
  readonly toItsEndMs: number;
  /** After it was cancelled; what it has to take back may ask somebody, and nobody answers. */
  readonly onceCancelledMs: number;
}

const PATIENCE: Patience = { toItsEndMs: 150_000, onceCancelledMs: 30_000 };
const LOOK_MS = 400;

type Needed = Pick<Stage, 'governor' | 'answer' | 'counts' | 'evening'>;

/** Runs one example with the answers that it brings along. */
export async function perform(stage: Needed, example: Example, patience = PATIENCE): Promise<Performance> {
  const run = await startExample(stage, example);
  const { end, asked, left } = await playThrough(stage, run, example, patience);
  const history = await stage.governor.history(run);
  const report = reportOf(example, run, end, history, effectCount(await stage.counts(), history));
  return { report, differences: [...differencesOf(example, report, asked[0]?.kind), ...left] };
}

interface Played {
  readonly end: CaseEnd;
  readonly asked: readonly OpenRequest[];
  readonly left: readonly string[];
}

async function playThrough(stage: Needed, run: CaseRun, { expected }: Example, patience: Patience): Promise<Played> {
  const { governor } = stage;
  const asked: OpenRequest[] = [];
  const left: string[] = [];
  const answers = [...expected.answers];
  const ended = new AbortController();
  const end = governor.result(run).finally(() => ended.abort());
  end.catch(() => undefined);
  const giveUpAt = Date.now() + patience.toItsEndMs;
  while (!ended.signal.aborted) {
    const request = await openRequest(governor, run, asked);
    if (request) asked.push(request);
    const trouble = request ? await answerWith(stage, run, request, answers.shift()) : tooLate(giveUpAt, patience);
    if (trouble) {
      left.push(trouble);
      await governor.cancel(run);
      const last = await Promise.race([end, sleep(patience.onceCancelledMs, undefined, { ref: false })]);
      if (last) break;
      const asks = (await governor.status(run))?.waiting.map(({ asks }) => asks).join('; ');
      return {
        end: STILL_OPEN,
        asked,
        left: [...left, `cancelled, it still waits: ${asks || 'nobody knows for what'}`],
      };
    }
    await Promise.race([end, sleep(LOOK_MS)]);
  }
  const unused = answers.map(({ verdict }) => `the answer ${verdict} was not asked for`);
  return { end: await end, asked, left: [...left, ...unused] };
}

/**
 * Gives the answer that the example brings along; what went wrong, or nothing. On a machine that is too busy, a task of
 * the workflow can be done twice, and the second time the request is due later: whoever answers then reads it again.
 */
async function answerWith(
  stage: Pick<Stage, 'governor' | 'answer'>,
  run: CaseRun,
  request: OpenRequest,
  answer: Example['expected']['answers'][number] | undefined,
): Promise<string | undefined> {
  const { approval, asks, digest } = request;
  if (!answer) return `nobody was expected to be asked: ${asks}`;
  const { by, ...said } = answer;
  const reply = await stage.answer(run, request, by, said);
  if (reply.accepted) return undefined;
  const now = (await stage.governor.status(run))?.waiting.find((request) => request.approval === approval);
  if (!now || now.digest === digest) return `the answer ${answer.verdict} was not accepted: ${reply.why}`;
  return answerWith(stage, run, now, answer);
}

const STILL_OPEN: CaseEnd = { outcome: 'open' };

const tooLate = (giveUpAt: number, { toItsEndMs }: Patience): string | undefined =>
  Date.now() > giveUpAt ? `it did not come to an end within ${toItsEndMs / 1000} s` : undefined;

/** A request that has not been seen before, or has changed since: somebody has edited it, or said one of several yeses. */
async function openRequest(
  governor: Governor,
  run: CaseRun,
  seen: readonly OpenRequest[],
): Promise<OpenRequest | undefined> {
  const status = await governor.status(run);
  return status?.waiting.find((request) => !seen.some((one) => stateOf(one) === stateOf(request)));
}

const stateOf = ({ approval, digest, yeses }: OpenRequest): string => `${approval} ${digest} ${yeses.length}`;

/** Waits until the case asks somebody something; nothing where it ends instead. */
export async function nextRequest({ governor, stopping }: Stage, run: CaseRun): Promise<OpenRequest | undefined> {
  for (;;) {
    const status = await governor.status(run);
    const [request] = status?.waiting ?? [];
    if (request || status?.outcome) return request;
    await sleep(LOOK_MS / 2, undefined, { signal: stopping });
  }
}

function reportOf(example: Example, run: CaseRun, end: CaseEnd, history: CaseHistory, effects: number): CaseReport {
  return {
    process: example.process,
    example: example.name,
    ...run,
    outcome: end.outcome,
    failureType: end.failureType ?? null,
    stoppedAt: stoppedAt(example.process, history),
    modelCalls: history.modelCalls,
    costMicroUsd: history.costMicroUsd,
    effects,
    durationMs: (history.closedAt ?? history.startedAt) - history.startedAt,
  };
}

/** Nothing where the story was told to its end: all of its agents ran. */
function stoppedAt(process: string, history: CaseHistory): string | null {
  const { cleanRun = [], endings = [] } = PROCESSES[process] ?? {};
  const story = cleanRun.filter((agent) => !endings.includes(agent));
  const ran = agentsIn(history).filter((agent) => story.includes(agent));
  return ran.length === story.length ? null : (ran.at(-1) ?? null);
}

function differencesOf({ expected }: Example, report: CaseReport, waitedFor: string | undefined): string[] {
  const wanted = {
    outcome: expected.outcome,
    failureType: expected.failureType ?? null,
    stoppedAt: expected.stoppedAt ?? null,
    effects: expected.effects,
    waitsFor: expected.waitsFor ?? null,
  };
  const came: Record<keyof typeof wanted, unknown> = { ...report, waitsFor: waitedFor ?? null };
  return Object.entries(wanted).flatMap(([name, value]) => {
    const got = came[name as keyof typeof wanted];
    return got === value ? [] : [`${name}: ${value} was expected, ${got} came`];
  });
}
