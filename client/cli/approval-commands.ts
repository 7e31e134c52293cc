import type { Command } from 'commander';
import type { AnswerReply } from '../../contracts/messages.ts';
import {
  type ApprovalDesk,
  type Decided,
  NotOpen,
  type ShownRequest,
  type Waiting,
  type WithApprovals,
} from './approval-desk.ts';
import { DIGEST_DIGITS, describeRequest, describeWaiting } from './approval-views.ts';
import { readSaid, type TypedAnswer } from './typed-answer.ts';
import { findName, Mistake, Refused, type Terminal } from './words.ts';

interface ListOptions {
  readonly process?: string;
  readonly role?: string;
  readonly risk?: string;
  readonly as?: string;
  readonly json?: true;
}

/** `governor approvals …`: what waits for people, and what they say to it. */
export function addApprovalCommands(program: Command, withApprovals: WithApprovals, terminal: Terminal): void {
  const approvals = program.command('approvals').description('what waits for people, and what they say to it');

  approvals
    .command('list')
    .description('every open request, the most urgent first')
    .option('--process <name>', 'of this process alone')
    .option('--role <role>', 'where it is the turn of this role')
    .option('--risk <risk>', 'low, medium or high')
    .option('--json', 'one JSON array')
    .action((options: ListOptions) => withApprovals(undefined, (desk) => list(desk, terminal, options)));

  approvals
    .command('show')
    .argument('<case>', 'its workflow id')
    .argument('<approval>', 'the name of the request')
    .description('a request with all that a decision rests on; nothing of its call is cut')
    .option('--json', 'one JSON object')
    .action((caseId: string, approval: string, { json }: { json?: true }) =>
      withApprovals(undefined, async (desk) => {
        const shown = await desk.show(caseId, approval);
        terminal.out(json ? JSON.stringify(shown) : describeRequest(shown, terminal.columns));
      }),
    );

  answerOptions(approvals.command('answer').description('answer a request: signed in your name, and sent')).action(
    (caseId: string, approval: string, verdict: string, options: AnswerOptions) =>
      withApprovals(options.as, async (desk) => {
        const decided = await decide(desk, terminal, { caseId, approval, verdict, ...options });
        if (decided) tellReply(terminal, decided, await desk.answer(decided));
      }),
  );

  answerOptions(
    approvals
      .command('sign')
      .description('the same signed and not sent: prints the command of the Temporal CLI that sends it'),
  ).action((caseId: string, approval: string, verdict: string, options: AnswerOptions) =>
    withApprovals(options.as, async (desk) => {
      const decided = await decide(desk, terminal, { caseId, approval, verdict, ...options });
      if (decided) terminal.out(await desk.sign(decided));
    }),
  );
}

type AnswerOptions = Omit<TypedAnswer, 'verdict'> & { readonly as?: string; readonly digest?: string };

const answerOptions = (command: Command): Command =>
  command
    .argument('<case>', 'its workflow id')
    .argument('<approval>', 'the name of the request')
    .argument('<verdict>', 'one of its answers or moves, as approvals show lists them')
    .option('--as <person>', 'who answers; believed with that person’s key alone')
    .option('--reason <words>', 'why; a no needs it, and a question is asked in it')
    .option('--edit <name=value>', 'another value of an argument; may be given several times', collect)
    .option('--to <person>', 'to whom it is delegated')
    .option('--amount <usd>', 'how much a budget is raised by, as in 0.50')
    .option('--digest <digits>', 'of the request that you have read; 8 digits or more');

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

async function list(desk: ApprovalDesk, terminal: Terminal, { process, role, risk, json }: ListOptions): Promise<void> {
  const isMeant = (waiting: Waiting): boolean =>
    isSame(waiting.process, process) && isSame(waiting.role, role) && isSame(waiting.risk, risk);
  const found = (await desk.list()).filter(isMeant);
  terminal.out(json ? JSON.stringify(found) : describeWaiting(found, terminal.columns));
}

const isSame = (value: string, wanted: string | undefined): boolean =>
  wanted === undefined || value.toLowerCase() === wanted.toLowerCase();

/** What is typed, held against the request as it is now; nothing where the person thinks again. */
async function decide(
  desk: ApprovalDesk,
  terminal: Terminal,
  typed: TypedAnswer & { readonly caseId: string; readonly approval: string; readonly digest?: string },
): Promise<Decided | undefined> {
  const shown = await findOpen(desk, typed.caseId, typed.approval);
  const { request } = shown;
  const verdict = findName('answer', typed.verdict, [...request.answers, ...request.moves]);
  const said = readSaid({ ...typed, verdict }, request);
  const decided = { case: shown.case, request, said };
  if (typed.digest === undefined) return (await confirms(terminal, shown, verdict)) ? decided : undefined;
  if (typed.digest.length < 8) throw new Mistake('--digest needs 8 digits or more.');
  if (request.digest.startsWith(typed.digest.toLowerCase())) return decided;
  throw new Refused('The request has changed since you read it, or this is the digest of another. Nothing was sent.');
}

/** Who comes second hears who was first. */
async function findOpen(desk: ApprovalDesk, caseId: string, approval: string): Promise<ShownRequest> {
  try {
    return await desk.show(caseId, approval);
  } catch (error) {
    const why = error instanceof NotOpen ? await desk.tooLate(caseId, approval) : undefined;
    throw why ? new Refused(`Not taken: ${why}`) : error;
  }
}

/** An answer is to a call that was read: by its digest, or here and now. */
async function confirms(terminal: Terminal, shown: ShownRequest, verdict: string): Promise<boolean> {
  if (!terminal.choose) {
    const digits = shown.request.digest.slice(0, DIGEST_DIGITS);
    throw new Mistake(`Say which request you have read: --digest ${digits}, as approvals show has it.`);
  }
  terminal.out(describeRequest(shown, terminal.columns));
  const yes = `yes, ${verdict}`;
  const chosen = await terminal.choose(`Is your answer to exactly this ${verdict}?`, ['no, leave it', yes]);
  if (chosen === yes) return true;
  terminal.out('Nothing was sent.');
  return false;
}

function tellReply(terminal: Terminal, { case: caseId, request, said }: Decided, reply: AnswerReply): void {
  if (!reply.accepted) throw new Refused(`Not taken: ${reply.why ?? 'the case does not say why'}`);
  terminal.out(`Taken: ${said.verdict} on ${request.approval} of ${caseId}.${reply.why ? ` ${reply.why}` : ''}`);
}
