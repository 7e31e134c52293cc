import type { Command } from 'commander';
import { facts } from './layout.ts';
import { Refused, type Terminal } from './words.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly subject: string;
  /** `wrong`: something does not work. `note`: worth knowing. `skipped`: could not be looked at, for the reason it says. */
  readonly state: 'good' | 'wrong' | 'note' | 'skipped';
  readonly says: string;
  /** What to do about it. */
  readonly mend?: string;
}

const MARKS: Readonly<Record<Finding['state'], string>> = {
  good: 'ok',
  wrong: 'WRONG',
  note: 'note',
  skipped: 'skipped',
};

/** `governor doctor`: what is missing or wrong here, and what mends it. */
export function addDoctorCommand(program: Command, look: () => Promise<readonly Finding[]>, terminal: Terminal): void {
  program
    .command('doctor')
    .description('what is missing or wrong here, with what mends it; asks no model. Ends with 1 if anything is wrong')
    .option('--json', 'one JSON array')
    .action(async ({ json }: { json?: true }) => {
      const findings = await look();
      terminal.out(json ? JSON.stringify(findings) : describe(findings, terminal.columns));
      const wrong = findings.filter(({ state }) => state === 'wrong').length;
      if (wrong > 0) throw new Refused(wrong === 1 ? 'One thing is wrong.' : `${wrong} things are wrong.`);
    });
}

function describe(findings: readonly Finding[], columns?: number): string {
  const label = Math.max(...findings.map(({ subject }) => subject.length));
  return findings
    .map(({ subject, state, says, mend }) => {
      const line = facts([[`${MARKS[state].padEnd(8)}${subject.padEnd(label)}`, says]], columns);
      return mend ? `${line}\n${facts([['      →', mend]], columns)}` : line;
    })
    .join('\n');
}
