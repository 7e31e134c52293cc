import type { Command } from 'commander';
import { facts } from './layout.ts';
import { Refused, type Terminal } from './words.ts';

/** One of the questions that a house has to answer with yes before it works for others. */
export interface ReadyAnswer {
  readonly question: string;
  readonly yes: boolean;
  /** What was tried or looked at, and what came of it. */
  readonly evidence: readonly string[];
  /** What turns a no into a yes. */
  readonly mend?: string;
}

export type Probe = (options: { readonly metrics: readonly string[] }) => Promise<readonly ReadyAnswer[]>;

/** `governor ready`: five questions about an installation, each answered by trying it. */
export function addReadyCommand(program: Command, probe: Probe, terminal: Terminal): void {
  program
    .command('ready')
    .description(
      'whether this installation may work for others: five questions, each tried. Ends with 1 if one is a no',
    )
    .option('--metrics <url...>', 'where worker, tools and API tell their metrics; else the ports of a house here')
    .option('--json', 'one JSON array')
    .action(async ({ json, metrics = [] }: { json?: true; metrics?: string[] }) => {
      const answers = await probe({ metrics });
      terminal.out(json ? JSON.stringify(answers) : answers.map((each) => describe(each, terminal.columns)).join('\n'));
      const noes = answers.filter(({ yes }) => !yes).length;
      if (noes > 0)
        throw new Refused(`Not ready: ${noes} of ${answers.length} answers ${noes === 1 ? 'is' : 'are'} no.`);
    });
}

const describe = ({ question, yes, evidence, mend }: ReadyAnswer, columns?: number): string =>
  [
    facts([[yes ? 'yes' : 'NO ', question]], columns),
    ...evidence.map((says) => facts([['    ', says]], columns)),
    ...(mend && !yes ? [facts([['   →', mend]], columns)] : []),
  ].join('\n');
