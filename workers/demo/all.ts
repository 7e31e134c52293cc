import { showUsd } from '../../contracts/money.ts';
import { type CaseReport, type Performance, perform } from './perform.ts';
import { type Screen, seconds } from './screen.ts';
import type { Stage } from './stage.ts';

/** Cases at a time: with more of them, two cores spend their time on being late. */
const AT_A_TIME = 24;

/** Runs every example and shows each as it ends. True where each ended as its `.expect.json` says. */
export async function runAll(stage: Stage, show: (done: Performance) => void): Promise<boolean> {
  await stage.spare;
  const waiting = [...stage.examples];
  const differing: Performance[] = [];
  const oneAfterAnother = async (): Promise<void> => {
    for (let example = waiting.shift(); example; example = waiting.shift()) {
      const done = await perform(stage, example);
      if (done.differences.length > 0) differing.push(done);
      show(done);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, oneAfterAnother));
  return differing.length === 0;
}

const COLUMNS = [
  ['example', 22],
  ['outcome', 24],
  ['stopped at', 16],
  ['calls', 6],
  ['cost', 10],
  ['effects', 8],
] as const;

/** The table's head, and one row for each example. */
export function tableOn(screen: Screen): { head(): void; row(done: Performance): void } {
  const line = (cells: readonly (string | number)[], end: string): string =>
    `${COLUMNS.map(([, width], at) => String(cells[at] ?? '').padEnd(width)).join('')}${end}`;
  return {
    head: () =>
      screen.verbatim(
        `  ${line(
          COLUMNS.map(([name]) => name),
          'time',
        )}`,
      ),
    row: ({ report, differences }) => {
      screen.verdict(differences.length === 0, line(cellsOf(report), seconds(report.durationMs)));
      for (const difference of differences) screen.say(`  ${report.example}: ${difference}`);
    },
  };
}

const cellsOf = (report: CaseReport): (string | number)[] => [
  report.example,
  report.failureType ? `${report.outcome}: ${report.failureType}` : report.outcome,
  report.stoppedAt ?? '',
  report.modelCalls,
  showUsd(report.costMicroUsd),
  report.effects,
];
