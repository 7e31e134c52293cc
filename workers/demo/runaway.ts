import type { CaseHistory } from '../../client/index.ts';
import type { CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { showUsd } from '../../contracts/money.ts';
import { effectsOf, showEffects } from './effects.ts';
import { nextRequest } from './perform.ts';
import { countOf, minuteOf, type Screen } from './screen.ts';
import { exampleOf, type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '2 · The $340 run';

/** A tool answers garbage to whatever it is asked; the case stops before the call that could pass its cap. */
export async function runaway(stage: Stage): Promise<Shown> {
  const { screen, governor } = stage;
  const example = exampleOf(stage, 'garbage');
  screen.heading(TITLE);
  screen.say(
    'A tool sends garbage to whatever it is asked, and the model tries again. Nothing here may run on like that.',
  );
  const run = await startExample(stage, example);
  const request = await nextRequest(stage, run);
  const [asking, sofar] = await Promise.all([governor.status(run), governor.history(run)]);
  if (!request || !asking) throw new Error('The case of the second act asked nobody for more money.');

  showStop(screen, asking, sofar, request);
  const garbage = (await stage.counts()).identityChecks.filter(({ customerId }) => customerId === customerOf(sofar));
  const words = [...new Set(garbage.map(({ said }) => said))].join(', ');
  screen.fact('far side', `${countOf(garbage.length, 'answer')} in the registry's own log, of the kind: ${words}`);
  const [answer] = example.expected.answers;
  if (answer) {
    const { by, ...said } = answer;
    const reply = await stage.answer(run, request, by, said);
    screen.fact(
      'answered',
      `${answer.verdict}, by ${answer.by}${reply.accepted ? '' : `: not taken, ${reply.why}`} (the example brings this answer along)`,
    );
  }
  const end = await governor.result(run);
  const [history, counts] = await Promise.all([governor.history(run), stage.counts()]);
  screen.fact(
    'ended',
    `${end.outcome}, ${countOf(history.modelCalls, 'model call')}, ${showUsd(history.costMicroUsd)} in all`,
  );
  screen.fact('left behind', showEffects(effectsOf(counts, history)));
  const summary = `${end.outcome}: ${showUsd(history.costMicroUsd)} of ${showUsd(asking.budget.capMicroUsd)} spent, then a person was asked`;
  return { title: TITLE, summary, good: end.outcome === example.expected.outcome, runs: [run] };
}

function showStop(screen: Screen, { budget }: CaseStatus, history: CaseHistory, request: OpenRequest): void {
  const { capMicroUsd, spentMicroUsd, reservedMicroUsd } = budget;
  const calls = Map.groupBy(history.steps, ({ agent }) => agent);
  const made = [...calls].map(
    ([agent, steps]) => `${agent} ${steps.reduce((sum, { paidCalls }) => sum + paidCalls.length, 0)}`,
  );
  const last = history.steps.at(-1);
  const left = capMicroUsd - spentMicroUsd - reservedMicroUsd;
  const worst = last?.worstCaseMicroUsd ?? 0;
  screen.verdict(
    worst > left,
    `Stopped before the call that could have passed the cap, after ${countOf(history.modelCalls, 'model call')}.`,
  );
  screen.fact('calls made', made.join(', '));
  screen.fact(
    'cap',
    `${showUsd(capMicroUsd)}: ${showUsd(spentMicroUsd)} spent, ${showUsd(reservedMicroUsd)} kept for reporting the end, ${showUsd(left)} left`,
  );
  screen.fact('next call', `${showUsd(worst)} at worst, so it was not made`);
  screen.fact('a person', `${request.role}, until ${minuteOf(request.due)}: ${request.asks}`);
}

/** Whom the first agent has found. */
function customerOf({ steps }: CaseHistory): unknown {
  const { customer } = (steps[0]?.answer ?? {}) as { customer?: { customerId?: unknown } | null };
  return customer?.customerId;
}
