import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCancel, select, text } from '@clack/prompts';
import type { CaseRun } from '../../client/index.ts';
import type { AnswerInput, OpenRequest } from '../../contracts/messages.ts';
import { showUsd } from '../../contracts/money.ts';
import { commandsFor } from './commands.ts';
import { effectsOf, showEffects } from './effects.ts';
import { nextRequest } from './perform.ts';
import { countOf, minuteOf } from './screen.ts';
import { exampleOf, type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '4 · Your turn';
const LOOK_MS = 500;

/** One case waits for whoever sits at the keyboard: here, or from another terminal. */
export async function yourTurn(stage: Stage): Promise<Shown> {
  const { screen, governor } = stage;
  const example = exampleOf(stage, 'ambiguous-date');
  screen.heading(TITLE);
  screen.say(
    'A passport says 04/05/1990. Is that 4 May or 5 April? The agent says that it is not sure, so nothing is done until a person has decided.',
  );
  const run = await startExample(stage, example);
  const request = await nextRequest(stage, run);
  if (!request) throw new Error('The case of the fourth act asked nobody.');
  const by = example.expected.answers[0]?.by ?? 'nobody';
  showRequest(stage, run, request);

  const isAnswered = stage.hasPerson && (await answerHere(stage, run, request, by));
  if (!isAnswered) {
    screen.gap();
    screen.say('The case waits on in Temporal, whatever happens to the workers. The second command answers it.');
    return {
      title: TITLE,
      summary: `waits for ${request.role} until ${minuteOf(request.due)}`,
      good: true,
      runs: [run],
    };
  }
  const end = await governor.result(run);
  const [history, counts] = await Promise.all([governor.history(run), stage.counts()]);
  screen.verdict(true, `The case went on from its sealed proposal and ended: ${end.outcome}.`);
  screen.fact('model calls', `${countOf(history.modelCalls, 'call')}, ${showUsd(history.costMicroUsd)}`);
  screen.fact('done', showEffects(effectsOf(counts, history)));
  return { title: TITLE, summary: `answered by a person: ${end.outcome}`, good: true, runs: [run] };
}

function showRequest(stage: Stage, run: CaseRun, request: OpenRequest): void {
  const { screen } = stage;
  screen.fact('asks', request.asks);
  screen.fact('the exact call', '');
  for (const [name, value] of Object.entries(request.call ?? {}))
    screen.verbatim(`    ${name.padEnd(14)}${JSON.stringify(value)}`);
  screen.fact('who', `${request.role} first, with ${request.answers.join(', ')}`);
  screen.fact('deadline', `${minuteOf(request.due)}; no answer until then is a no`);
  screen.fact('digest', `${request.digest}, over all of this: an answer is to this call and no other`);
  screen.fact('Web UI', '');
  screen.verbatim(`  ${stage.link(run)}`);
  screen.gap();
  screen.say('From another terminal, with the Temporal CLI:');
  for (const command of commandsFor(stage.house, run, request)) screen.verbatim(`  ${command}`);
}

/** Asks at the keyboard until an answer was accepted, also one that came from elsewhere; false where it is left for later. */
async function answerHere(stage: Stage, run: CaseRun, request: OpenRequest, by: string): Promise<boolean> {
  stage.screen.gap();
  const elsewhere = new AbortController();
  const watching = watchForAnswer(stage, run, request, elsewhere);
  try {
    for (;;) {
      const answer = await askHere(request, by, AbortSignal.any([elsewhere.signal, stage.stopping]));
      if (answer === 'gone') return await takenAway(stage, elsewhere.signal);
      if (answer === 'later') return false;
      const reply = await stage.governor.answer(run, answer);
      if (reply.accepted || reply.decidedBy) return true;
      stage.screen.verdict(false, `Not taken: ${reply.why}`);
    }
  } finally {
    elsewhere.abort();
    await watching;
  }
}

async function watchForAnswer(
  { governor, stopping }: Stage,
  run: CaseRun,
  request: OpenRequest,
  elsewhere: AbortController,
): Promise<void> {
  while (!elsewhere.signal.aborted && !stopping.aborted) {
    const status = await governor.status(run);
    if (status && !status.waiting.some(({ approval }) => approval === request.approval)) return elsewhere.abort();
    await sleep(LOOK_MS, undefined, { signal: elsewhere.signal }).catch(() => undefined);
  }
}

/** One round of questions; `gone` where they were taken away. */
async function askHere(request: OpenRequest, by: string, signal: AbortSignal): Promise<AnswerInput | 'later' | 'gone'> {
  const { approval, digest, call } = request;
  const base = { approval, digest, by };
  const verdict = await select({
    message: `You answer as ${by}.`,
    signal,
    options: [
      { value: 'approve', label: 'approve', hint: 'make exactly this call' },
      { value: 'edit', label: 'edit the birth date', hint: 'the edit is judged again, and gets a digest of its own' },
      { value: 'reject', label: 'reject', hint: 'the case ends without an account' },
      { value: 'later', label: 'leave it', hint: 'answer from another terminal' },
    ] as const,
  });
  if (isCancel(verdict)) return 'gone';
  if (verdict === 'approve') return { ...base, verdict, reason: 'the issuing country writes the day first' };
  if (verdict === 'edit') {
    const birthDate = await text({
      message: 'Birth date, as year-month-day',
      initialValue: String(call?.['birthDate'] ?? ''),
      signal,
    });
    return isCancel(birthDate) ? 'gone' : { ...base, verdict, edit: { birthDate }, reason: 'read again' };
  }
  if (verdict === 'reject') {
    const reason = await text({ message: 'Why?', initialValue: 'the date cannot be read', signal });
    return isCancel(reason) ? 'gone' : { ...base, verdict, reason };
  }
  return 'later';
}

/** A prompt ends without a word where somebody answered from elsewhere, and by Ctrl-C, which it keeps from the process. */
async function takenAway({ screen, stopping }: Stage, elsewhere: AbortSignal): Promise<true> {
  if (elsewhere.aborted && !stopping.aborted) {
    screen.say('Somebody has answered from elsewhere.');
    return true;
  }
  if (!stopping.aborted) {
    process.kill(process.pid, 'SIGINT');
    await once(stopping, 'abort');
  }
  throw stopping.reason;
}
