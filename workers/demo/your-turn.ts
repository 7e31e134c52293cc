import { setTimeout as sleep } from 'node:timers/promises';
import { isCancel, select } from '@clack/prompts';
import type { CaseRun } from '../../client/index.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import { showUsd } from '../../contracts/money.ts';
import { commandsFor } from './commands.ts';
import { nextRequest } from './perform.ts';
import { countOf, minuteOf } from './screen.ts';
import { type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '4 · Your turn, at the desk';
const LOOK_MS = 500;
/** She asks for money, and he is a manager: both may sign in at the desk. */
const REQUESTER = 'ruth.achterberg';
const MANAGER = 'darius.wren';

/** One case waits for whoever opens the desk: first as the one who asks for the money, then as the manager. */
export async function yourTurn(stage: Stage): Promise<Shown> {
  const { screen, governor } = stage;
  screen.heading(TITLE);
  screen.say(
    'A director wants 4,200.00 USD back for a course. In this house nobody says yes to their own money, not even a director: a manager decides, and signs.',
  );
  const example = stage.examples.find(({ process, name }) => process === 'approveExpense' && name === 'manager');
  if (!example) throw new Error('The example expenses/manager is missing from examples/.');
  const input = { ...example.input, requestId: 'desk', requestedBy: REQUESTER, employee: REQUESTER };
  const run = await startExample(stage, { ...example, name: 'desk', input });
  const request = await nextRequest(stage, run);
  if (!request) throw new Error('The case of the fourth act asked nobody.');
  showRequest(stage, run, request);

  const wish = await askHow(stage, run, request);
  const tried = wish !== 'play' || (await play(stage, run, request));
  if (!tried) return { title: TITLE, summary: 'the desk did not do as it should', good: false, runs: [run] };
  if (wish === 'later') {
    screen.gap();
    screen.say('The case waits on in Temporal, whatever happens to the workers. The desk still has it.');
    return {
      title: TITLE,
      summary: `waits for ${request.role} until ${minuteOf(request.due)}`,
      good: true,
      runs: [run],
    };
  }
  const end = await governor.result(run);
  const [history, counts] = await Promise.all([governor.history(run), stage.counts()]);
  screen.verdict(end.outcome !== 'failed', `The case went on from the answer and ended: ${end.outcome}.`);
  screen.fact('model calls', `${countOf(history.modelCalls, 'call')}, ${showUsd(history.costMicroUsd)}`);
  const paid = counts.exports.filter(({ requestId }) => requestId.startsWith('desk-'));
  screen.fact('done', `${countOf(paid.length, 'reimbursement')} in the far side's export`);
  return { title: TITLE, summary: `decided at the desk: ${end.outcome}`, good: end.outcome !== 'failed', runs: [run] };
}

function showRequest({ screen, house, hasPerson, link }: Stage, run: CaseRun, request: OpenRequest): void {
  const { deskUrl, people } = house.api;
  screen.fact('asks', request.asks);
  screen.fact('why', request.why);
  screen.fact('on a yes', request.consequence);
  screen.fact('deadline', `${minuteOf(request.due)} in hours of business; no answer until then is a no`);
  screen.fact('desk', '');
  const path = `#/approvals/${encodeURIComponent(run.workflowId)}/${encodeURIComponent(request.approval)}`;
  screen.verbatim(`  ${deskUrl}/desk/${path}`);
  if (hasPerson && people) {
    screen.say('Sign in as the one who asked and try it, then as the manager:');
    for (const name of [REQUESTER, MANAGER]) screen.verbatim(`    ${name.padEnd(16)} ${people[name] ?? ''}`);
  }
  screen.fact('Web UI', '');
  screen.verbatim(`  ${link(run)}`);
  screen.say('From another terminal:');
  for (const command of commandsFor(house, run, request)) screen.verbatim(`  ${command}`);
}

/** Without a person both tries are made; with one, they are theirs. */
async function askHow(stage: Stage, run: CaseRun, request: OpenRequest): Promise<'decided' | 'play' | 'later'> {
  if (!stage.hasPerson) return 'play';
  const decided = new AbortController();
  const watching = untilDecided(stage, run, request, decided);
  stage.screen.gap();
  const choice = await select({
    message: 'The desk waits for you.',
    signal: AbortSignal.any([decided.signal, stage.stopping]),
    options: [
      { value: 'play', label: 'Make both tries for me', hint: 'the same calls as the desk makes' },
      { value: 'later', label: 'Leave it', hint: 'it can be decided as long as this runs' },
    ] as const,
  });
  const isOver = decided.signal.aborted && !stage.stopping.aborted;
  decided.abort();
  await watching;
  if (isOver) return 'decided';
  return isCancel(choice) ? 'later' : choice;
}

async function untilDecided(
  { governor, stopping }: Stage,
  run: CaseRun,
  request: OpenRequest,
  decided: AbortController,
): Promise<void> {
  while (!decided.signal.aborted && !stopping.aborted) {
    const status = await governor.status(run);
    if (status && !status.waiting.some(({ approval }) => approval === request.approval)) return decided.abort();
    await sleep(LOOK_MS, undefined, { signal: decided.signal }).catch(() => undefined);
  }
}

/** Both tries, over the same interface as the desk's. True where hers is refused and his is not. */
async function play({ screen, house }: Stage, run: CaseRun, { approval, digest }: OpenRequest): Promise<boolean> {
  const taken: boolean[] = [];
  const path = `/v1/approvals/${encodeURIComponent(run.workflowId)}/${encodeURIComponent(approval)}/answers`;
  const { deskUrl, people = {} } = house.api;
  for (const name of [REQUESTER, MANAGER]) {
    const response = await fetch(`${deskUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${people[name] ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ verdict: 'go-on', digest, reason: 'agreed in the yearly plan' }),
    });
    const said = (await response.json()) as { readonly detail?: string };
    taken.push(response.ok);
    screen.fact(name.split('.')[0] ?? name, `${response.status} ${said.detail ?? 'accepted, and signed'}`);
  }
  return taken.join() === 'false,true';
}
