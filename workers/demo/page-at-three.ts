import { showUsd } from '../../contracts/money.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import { effectsOf, showEffects } from './effects.ts';
import { countOf, type Screen, seconds, timeOfDay } from './screen.ts';
import { agentsIn, exampleOf, type Shown, type Stage, startExample } from './stage.ts';

const TITLE = '1 · The page at 3 a.m.';

/** The registry serves another customer's cached check; the run stops at agent two, and nobody is paged to guess. */
export async function pageAtThree(stage: Stage): Promise<Shown> {
  const { screen, governor } = stage;
  screen.heading(TITLE);
  screen.say("A new customer applies. Identity verification has begun to serve another customer's cached check.");
  const example = exampleOf(stage, 'stale-cache');
  const run = await startExample(stage, example);
  const end = await governor.result(run);
  const [history, counts, status] = await Promise.all([governor.history(run), stage.counts(), governor.status(run)]);

  const { cleanRun = [] } = PROCESSES[example.process] ?? {};
  const ran = agentsIn(history);
  const stoppedAt = history.steps.findIndex(({ outcome }) => outcome === 'failed');
  const stopped = history.steps[stoppedAt];
  const agent = stopped?.agent ?? 'nobody';
  const never = cleanRun.filter((one) => !ran.includes(one));
  const before = history.steps.slice(0, 1 + stoppedAt);
  const callsBefore = before.reduce((sum, { paidCalls }) => sum + paidCalls.length, 0);
  const cap = status ? ` of the cap of ${showUsd(status.budget.capMicroUsd)}` : '';

  const good = end.failureType === example.expected.failureType && agent === example.expected.stoppedAt;
  screen.verdict(
    good,
    `${seconds((history.closedAt ?? history.startedAt) - history.startedAt)} after its start the case is closed, at agent ${
      1 + cleanRun.indexOf(agent)
    } of ${cleanRun.length}: ${agent}, ${end.failureType}.`,
  );
  screen.fact('message', end.message ?? '');
  showFacts(screen, stopped?.failure?.details);
  screen.fact('never begun', never.join(', '));
  screen.fact(
    'model calls',
    `${callsBefore} until the stop, ${history.modelCalls - callsBefore} to report it: ${showUsd(history.costMicroUsd)}${cap}`,
  );
  screen.fact('left behind', showEffects(effectsOf(counts, history)));
  for (const { queue, id } of counts.escalations.filter(({ caseId }) => caseId === run.workflowId)) {
    screen.fact('told', `${queue}, by escalation ${id}`);
  }
  for (const { id } of counts.audit.filter(({ caseId }) => caseId === run.workflowId))
    screen.fact('on record', `audit entry ${id}`);
  const summary = `${end.failureType} at ${agent}: ${never.length} agents never began, ${countOf(history.modelCalls, 'model call')}`;
  return { title: TITLE, summary, good, runs: [run] };
}

/** What was asked and what came, out of the failure's own details. */
function showFacts(screen: Screen, details: Readonly<Record<string, unknown>> = {}): void {
  const { asked, got } = details as { asked?: Record<string, string>; got?: Record<string, string> };
  if (!asked?.['notBefore'] || !got?.['checkedAt']) return;
  const minutes = Math.round((Date.parse(asked['notBefore']) - Date.parse(got['checkedAt'])) / 60_000);
  screen.fact('asked for', `${asked['subject']}, checked at ${timeOfDay(asked['notBefore'])} UTC or later`);
  screen.fact('came', `${got['subject']}, checked at ${timeOfDay(got['checkedAt'])} UTC, ${minutes} minutes too early`);
}
