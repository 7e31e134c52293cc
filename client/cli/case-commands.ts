import type { Command } from 'commander';
import type { CaseEnd, CaseHistory } from '../index.ts';
import type { CaseDesk, FoundCase } from './case-desk.ts';
import { describeCase, describeHistory } from './case-views.ts';
import { watchCase } from './case-watch.ts';
import type { WithCases } from './start-commands.ts';
import type { Terminal } from './words.ts';

/** `governor case …`: one case, as it is now and as it goes on. */
export function addCaseCommands(program: Command, withCases: WithCases, terminal: Terminal): void {
  const one = program.command('case').description('one case: what it did, what it waits for, how it ended');

  one
    .command('show')
    .argument('<case>', 'its workflow id')
    .description('status, steps with verdict, model, cost and time, open requests, the end')
    .option('--json', 'one JSON object')
    .action((caseId: string, { json }: { json?: true }) =>
      withCases(async (desk) => showCase(desk, terminal, await desk.find(caseId), json)),
    );

  one
    .command('watch')
    .argument('<case>', 'its workflow id')
    .description('the same, live, until it has ended; without a terminal a line for each thing that happens')
    .action((caseId: string) => withCases(async (desk) => watchCase(desk, terminal, await desk.find(caseId))));
}

async function showCase(desk: CaseDesk, terminal: Terminal, found: FoundCase, json: true | undefined): Promise<void> {
  const end = found.state === 'RUNNING' ? undefined : await desk.result(found);
  const head = { case: found.workflowId, run: found.runId, state: found.state, ...pageOf(found) };
  const status = await desk.status(found);
  if (status)
    return terminal.out(
      json ? JSON.stringify({ ...head, ...status, ...endOf(end) }) : describeCase(found, status, end, terminal.columns),
    );
  const history = withoutContents(await desk.history(found));
  terminal.out(
    json
      ? JSON.stringify({ ...head, ...history, ...endOf(end) })
      : describeHistory(found, history, end, terminal.columns),
  );
}

/** What people sent and what tools answered may be personal, and is not what was asked for. */
function withoutContents({ input: _input, workflowId: _id, runId: _run, steps, ...history }: CaseHistory) {
  return { ...history, steps: steps.map(({ answer: _answer, ...step }) => step) };
}

const pageOf = ({ page }: FoundCase): { page?: string } => (page ? { page } : {});
const endOf = (end: CaseEnd | undefined): { end?: CaseEnd } => (end ? { end } : {});
