import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import type { Command } from 'commander';
import { inputProblems, PROCESS_INPUTS, type StartableProcess } from '../../contracts/process-inputs.ts';
import type { CaseDesk } from './case-desk.ts';
import { watchCase } from './case-watch.ts';
import { ourCommand } from './shell.ts';
import { findName, Mistake, Refused, type Terminal } from './words.ts';

/** Opens the desk on the server that is meant, uses it, and lets go of it. */
export type WithCases = <T>(use: (desk: CaseDesk) => Promise<T>) => Promise<T>;

/** For each process an example to start with. */
const EXAMPLES: Readonly<Record<StartableProcess, string>> = {
  onboardCustomer: 'examples/onboarding/clean.json',
  approveExpense: 'examples/expenses/manager.json',
  approveDocument: 'examples/documents/clean.json',
  routeTicket: 'examples/tickets/ticket-clean.json',
  placeOrder: 'examples/orders/order-clean.json',
  cancelOrder: 'examples/order-cancellations/cancel-order.json',
};

const WHAT: Readonly<Record<StartableProcess, string>> = {
  onboardCustomer: 'from a message and an identity document to an account',
  approveExpense: 'each line paid, refused or asked about',
  approveDocument: 'a document before the people who have to approve it',
  routeTicket: 'one queue for one message',
  placeOrder: 'an order at a price that the customer confirmed',
  cancelOrder: 'an order taken back, and its money with it',
};

interface StartOptions {
  readonly id?: string;
  readonly wait?: true;
  readonly json?: true;
}

/** `governor start …`: one case from a file, checked before anything is sent. */
export function addStartCommand(program: Command, withCases: WithCases, terminal: Terminal): void {
  program
    .command('start')
    .argument('<process>', 'which process')
    .argument('<file>', 'its input as JSON; - reads standard input')
    .description('start a case; what the process would not take is told before anything is sent')
    .option('--id <case>', 'its name; <process>-<requestId> where left out')
    .option('--wait', 'stay until it has ended; ends with 1 where it failed')
    .option('--json', 'one JSON object')
    .addHelpText('after', helpText())
    .action((process: string, file: string, options: StartOptions) =>
      start(withCases, terminal, { process, file }, options),
    );
}

const helpText = (): string =>
  [
    '',
    'Processes, with an example each:',
    ...processNames().flatMap((name) => [
      `  ${name}: ${WHAT[name]}`,
      `    ${ourCommand('start', name, EXAMPLES[name])}`,
    ]),
  ].join('\n');

const processNames = (): StartableProcess[] => Object.keys(PROCESS_INPUTS) as StartableProcess[];

async function start(
  withCases: WithCases,
  terminal: Terminal,
  typed: { readonly process: string; readonly file: string },
  { id, wait, json }: StartOptions,
): Promise<void> {
  const names = processNames();
  const process = names.find((name) => name === findName('process', typed.process, names)) ?? names[0];
  if (!process) return;
  const input = await readInput(typed.file);
  refuseInput(process, input, typed.file);
  const caseId = id ?? `${process}-${input['requestId']}`;
  await withCases(async (desk) => {
    const run = await desk.start(process, input, caseId);
    const page = desk.page(run);
    const started = { case: run.workflowId, run: run.runId, process, ...(page ? { page } : {}) };
    if (!json) terminal.out(describeStart(started));
    if (wait) return untilEnd(desk, terminal, started, json);
    if (json) terminal.out(JSON.stringify(started));
  });
}

interface Started {
  readonly case: string;
  readonly run: string;
  readonly process: string;
  readonly page?: string;
}

/** @throws Refused where the case failed */
async function untilEnd(desk: CaseDesk, terminal: Terminal, started: Started, json: true | undefined): Promise<void> {
  // Somebody may have to answer before it ends, and has to hear of it.
  if (!json) await watchCase(desk, terminal, await desk.find(started.case));
  const end = await desk.result({ workflowId: started.case, runId: started.run });
  if (json) terminal.out(JSON.stringify({ ...started, ...end }));
  if (end.outcome === 'failed') throw new Refused(`Failed: ${end.failureType}.`);
}

const describeStart = ({ case: id, process, page }: Started): string =>
  [
    `Started ${id} (${process}).`,
    ...(page ? [`  Web UI   ${page}`] : []),
    `  watch it ${ourCommand('case', 'watch', id)}`,
  ].join('\n');

/** @throws Mistake where there is no such file, or no JSON object in it */
async function readInput(file: string): Promise<Record<string, unknown>> {
  const text = await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8')).catch(() => {
    throw new Mistake(`The file ${file} cannot be read.`);
  });
  const name = file === '-' ? 'Standard input' : file;
  if (text.trim() === '') throw new Mistake(`${name} is empty. The input of a case is one JSON object.`);
  const parsed = parse(text, name);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  throw new Mistake(`${name} holds no JSON object, as in {"requestId": "…", …}.`);
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Mistake(`${name} is not JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}.`);
  }
}

/** @throws Mistake with every problem, field by field */
function refuseInput(process: StartableProcess, input: unknown, file: string): void {
  const problems = inputProblems(process, input);
  if (problems.length === 0) return;
  const lines = problems.map(({ field, message }) => `  ${field === '' ? 'as a whole' : field}: ${message}`);
  throw new Mistake(
    [
      `${process} does not take ${file === '-' ? 'this' : file}, and nothing was started:`,
      ...lines,
      `One that it takes: ${EXAMPLES[process]}`,
    ].join('\n'),
  );
}
