import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agents, recommendExpense } from '../../agents/index.ts';
import type { CaseHistory, CaseRun } from '../../client/index.ts';
import { showUsd } from '../../contracts/money.ts';
import { openReleaseDesk } from '../../prompts/desk.ts';
import { nextRequest } from './perform.ts';
import { type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '5 · A prompt goes back';
const SHORT = 'v1';
const WORDY = 'v2';
const INPUT = '---input---';
/** What somebody added with the best intentions. */
const WORDS = `
Think about every line for a long time before you answer, from every side, and then from every side again. Consider what
an accountant would say, what an auditor would say, and what the person who travelled would say about what both of them
said. Weigh all of it, weigh it once more, and keep in mind that a recommendation is a serious matter for everybody.
`.repeat(12);

/** A wordy prompt is taken back while a case waits: the next case has the short one, and the waiting one keeps its own. */
export async function rollBack(stage: Stage): Promise<Shown> {
  const { screen, promptsDir } = stage;
  screen.heading(TITLE);
  screen.say(
    `Somebody has made the prompt of ${recommendExpense.name} wordy, and each recommendation dearer. One command takes that prompt back, and no process is restarted.`,
  );
  const desk = openReleaseDesk(promptsDir, agents);
  await writeWordy(join(promptsDir, 'recommend-expense'));
  const prompts = { [recommendExpense.name]: [{ version: WORDY, weight: 1 }] };
  await desk.use((await desk.publish({ prompts, note: 'a wordy prompt' })).id);

  const example = stage.examples.find(({ process, name }) => process === 'approveExpense' && name === 'manager');
  if (!example) throw new Error('The example expenses/manager is missing from examples/.');
  // Two people took the same course, with an invoice each: else the second claim would be a duplicate.
  const startAs = (name: string, employee: string, invoice: string): Promise<CaseRun> => {
    const input = JSON.parse(JSON.stringify(example.input).replace('Invoice 1182', `Invoice ${invoice}`));
    return startExample(stage, { ...example, name, input: { ...input, requestId: name, employee } });
  };
  const waiting = await startAs('wordy', 'lena.brandt', '1183');
  const request = await nextRequest(stage, waiting);
  const back = await desk.rollback(recommendExpense.name, undefined);
  screen.fact('command', `npm run governor -- prompts rollback ${recommendExpense.name}`);
  screen.fact('release', `${back.id}: ${back.note}`);

  const next = await startAs('short', 'jonas.weil', '1184');
  const nextOne = await nextRequest(stage, next);
  for (const [run, asked] of [
    [waiting, request],
    [next, nextOne],
  ] as const)
    if (asked) await stage.answer(run, asked, 'darius.wren', { verdict: 'go-on', reason: 'agreed in the yearly plan' });
  const [long, short] = await Promise.all([factsOf(stage, waiting), factsOf(stage, next)]);
  screen.fact('ran meanwhile', describe(long));
  screen.fact('the next one', describe(short));
  const good =
    long.release !== short.release && long.costMicroUsd > short.costMicroUsd && isPaid(long) && isPaid(short);
  screen.verdict(good, 'The running case kept its prompt to its end, and the next one has the earlier one.');
  const summary = `a recommendation costs ${showUsd(short.costMicroUsd)} again, after ${showUsd(long.costMicroUsd)}`;
  return { title: TITLE, summary, good, runs: [waiting, next] };
}

/** The words stand before what each case fills in. */
async function writeWordy(folder: string): Promise<void> {
  const [head = '', ...rest] = (await readFile(join(folder, `${SHORT}.md`), 'utf8')).split(INPUT);
  await writeFile(join(folder, `${WORDY}.md`), [`${head}${WORDS}`, ...rest].join(INPUT));
}

interface Facts {
  readonly outcome: string;
  readonly release: string;
  readonly costMicroUsd: number;
}

async function factsOf({ governor }: Stage, run: CaseRun): Promise<Facts> {
  const { outcome } = await governor.result(run);
  const [status, history] = await Promise.all([governor.status(run), governor.history(run)]);
  return { outcome, release: status?.release ?? 'unknown', costMicroUsd: costOf(history) };
}

const costOf = ({ steps }: CaseHistory): number =>
  steps
    .filter(({ agent }) => agent === recommendExpense.name)
    .flatMap(({ paidCalls }) => paidCalls)
    .reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);

const isPaid = ({ outcome }: Facts): boolean => outcome === 'reimbursed';

const describe = ({ outcome, release, costMicroUsd }: Facts): string =>
  `${outcome} under release ${release}, with ${showUsd(costMicroUsd)} for the recommendation`;
