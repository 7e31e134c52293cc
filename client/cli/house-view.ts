import { showUsd } from '../../contracts/money.ts';
import { span } from './case-views.ts';
import type { BreakerRow, HouseSeen, StageRow } from './house-look.ts';
import { facts, fitted } from './layout.ts';

const clock = (at: string): string => `${at.slice(11, 19)} UTC`;

/** A house on one screen. */
export function describeHouse(seen: HouseSeen, columns?: number): string {
  const { stages, waiting } = seen;
  const head = ['process', 'stage', 'cases', 'spent', 'dearest of cap'];
  const roles = waiting.map(({ role, requests, oldestMs }) => [role, String(requests), span(oldestMs)]);
  return [
    facts(
      [
        ['at', clock(seen.at)],
        ['running', `${seen.running}${seen.cut ? ' or more; the newest are below' : ''}`],
        ['ended', `${endedOf(seen)}, within the last hour`],
        ['breakers', breakersOf(seen.breakers)],
      ],
      columns,
    ),
    stages.length > 0 ? fitted([head, ...stages.map(stageCells)], columns) : 'No case runs.',
    roles.length > 0 ? fitted([['waits for', 'requests', 'oldest'], ...roles], columns) : 'Nothing waits for anybody.',
  ].join('\n\n');
}

const stageCells = ({ process, stage, cases, costMicroUsd, dearestMicroUsd, capMicroUsd }: StageRow): string[] => [
  process,
  stage,
  String(cases),
  showUsd(costMicroUsd),
  capMicroUsd ? `${Math.round((dearestMicroUsd / capMicroUsd) * 100)} % of ${showUsd(capMicroUsd)}` : 'no cap known',
];

/** The same in one line, for a pipe or a log. */
export function houseLine(seen: HouseSeen): string {
  const stages = seen.stages.map(({ process, stage, cases }) => `${process} ${stage} ${cases}`);
  const roles = seen.waiting.map(({ role, requests, oldestMs }) => `${role} ${requests} (${span(oldestMs)})`);
  const spent = seen.stages.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
  return [
    `${seen.at} ${seen.running} running`,
    ...stages,
    `spent ${showUsd(spent)}`,
    `waiting: ${roles.join(', ') || 'nobody'}`,
    `ended: ${endedOf(seen)}`,
    `breakers: ${breakersOf(seen.breakers)}`,
  ].join(' | ');
}

const endedOf = ({ ended }: HouseSeen): string =>
  Object.entries(ended)
    .map(([outcome, cases]) => `${cases} ${outcome}`)
    .join(', ') || 'none';

function breakersOf(breakers: readonly BreakerRow[] | undefined): string {
  if (!breakers) return 'not known here; set METRICS_PORT as the worker has it';
  const odd = breakers.filter(({ state }) => state !== 'closed');
  if (odd.length === 0) return `all ${breakers.length} closed`;
  return odd.map(({ model, state }) => `${model} ${state}`).join(', ');
}
