import type { CommandGroup } from '../client/cli/run.ts';
import { visibleLine } from '../client/cli/visible.ts';
import { Mistake, Refused, table } from '../client/cli/words.ts';
import { listAudit, type PastDecision } from '../contracts/tools/audit.ts';
import { verifyChain } from '../tools/audit/chain.ts';
import { listDecisions } from '../tools/audit/kept.ts';
import { type Database, openDatabase } from '../tools/database.ts';
import { agreementOf } from '../tools/tickets/agreement.ts';

interface Wanted {
  readonly case?: string;
  readonly process?: string;
  readonly kind?: string;
  readonly subject?: string;
  readonly limit: string;
  readonly json?: boolean;
}

/** `governor audit …`: what was decided, whether the record is whole, and how often people had to put something right. */
export const auditCommands =
  (settings: Parameters<typeof openDatabase>[0]): CommandGroup =>
  (program, terminal) => {
    const audit = program.command('audit').description('what was decided, and whether the record of it is whole');
    const inStore = async <T>(use: (database: Database) => Promise<T>): Promise<T> => {
      const database = await openDatabase(settings);
      return use(database).finally(() => database.destroy());
    };

    audit
      .command('verify')
      .description('walk the chain of all entries; 1 where one was changed, lost, moved or added')
      .action(async () => {
        const verdict = await inStore((database) => verifyChain(database));
        if (!verdict.whole) throw new Refused(`The audit chain is broken: ${verdict.why}.`);
        terminal.out(`The audit chain is whole: ${verdict.entries} entries.`);
      });

    audit
      .command('list')
      .option('--case <id>', 'of one case')
      .option('--process <name>', 'of one process')
      .option('--kind <kind>', 'of one kind of request, or correction')
      .option('--subject <id>', 'about one thing')
      .option('--limit <number>', 'at most so many, up to 200', '20')
      .option('--json', 'all of each, one JSON line a decision')
      .description('decisions of cases that have ended, newest case first')
      .action(async (wanted: Wanted) => {
        const { decisions, more } = await inStore((database) => listDecisions(database, askedFor(wanted)));
        const shown = wanted.json
          ? decisions.map((decision) => JSON.stringify(decision)).join('\n')
          : table([HEAD, ...decisions.map(rowOf)]);
        terminal.out(decisions.length > 0 || wanted.json ? shown : 'Nothing was decided.');
        if (more) terminal.err('There are more; ask with --limit, or for one case.');
      });

    audit
      .command('agreement')
      .description('how often people left tickets where they were read to belong')
      .action(async () => terminal.out(JSON.stringify(await inStore(agreementOf), null, 2)));
  };

function askedFor({ case: caseId, process, kind, subject, limit }: Wanted) {
  const given = { caseId, process, kind, subject, limit: Number(limit) };
  const asked = listAudit.input.safeParse(given);
  if (asked.success) return asked.data;
  throw new Mistake(asked.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; '));
}

const HEAD = ['at', 'case', 'step', 'outcome', 'verdict', 'rule', 'answers'];

const rowOf = ({ at, caseId, step, outcome, verdict, rule = '', answers }: PastDecision): string[] => {
  const said = answers.map(({ by, role, verdict: word, for: principal }) =>
    principal ? `${word} by ${by} (${role}) for ${principal}` : `${word} by ${by} (${role})`,
  );
  return [at, caseId, step, outcome, verdict, rule, said.join(', ')].map(visibleLine);
};
