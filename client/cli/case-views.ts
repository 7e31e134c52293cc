import type { CaseStatus, OpenRequest, StepStatus } from '../../contracts/messages.ts';
import { showUsd } from '../../contracts/money.ts';
import type { CaseEnd, CaseHistory } from '../index.ts';
import type { FoundCase } from './case-desk.ts';
import { facts, fitted, paragraph } from './layout.ts';
import { ourCommand } from './shell.ts';

/** An instant for people, to the minute: `2026-11-23 07:57 UTC`. */
export const minute = (instant: string | Date): string =>
  `${(typeof instant === 'string' ? instant : instant.toISOString()).slice(0, 16).replace('T', ' ')} UTC`;

/** A length of time for people: `0.4 s`, `12 min`, `3 h 20 min`, `2 d 4 h`. */
export function span(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How much time is left until an instant, or how long it has been over. */
export const left = (instant: string, now = Date.now()): string => {
  const ms = Date.parse(instant) - now;
  return ms >= 0 ? `${span(ms)} left` : `over for ${span(-ms)}`;
};

const STEP_HEAD = ['step', 'outcome', 'verdict', 'model', 'cost', 'time'];

/** The steps of a case with verdict, model, cost and time. */
export function stepTable(steps: readonly StepStatus[], columns?: number): string {
  const table = fitted([STEP_HEAD, ...steps.map(stepRow)], columns);
  const isSimulated = steps.some(({ simulated }) => simulated);
  return isSimulated ? `${table}\nSimulated: rules have answered in place of models.` : table;
}

const stepRow = ({ step, outcome, verdict, rule, model, costMicroUsd, ms }: StepStatus): string[] => [
  step,
  outcome,
  rule && verdict !== 'allowed' ? `${verdict} (${rule})` : verdict,
  model ?? 'none',
  showUsd(costMicroUsd),
  span(ms),
];

/** A case as its own status tells it. */
export function describeCase(found: FoundCase, status: CaseStatus, end: CaseEnd | undefined, columns?: number): string {
  const { budget, steps, waiting, leftBehind = [] } = status;
  const spent = `${showUsd(budget.spentMicroUsd)} of ${showUsd(budget.capMicroUsd)}, ${budget.calls} model calls`;
  const reserved = budget.reservedMicroUsd > 0 ? `, ${showUsd(budget.reservedMicroUsd)} set aside` : '';
  const named: [string, string][] = [
    ...headOf(found),
    ['stage', waiting.length > 0 ? `waits for ${waiting.map(({ role }) => role).join(', ')}` : status.stage],
    ['release', `${status.release}, policy ${status.policy}`],
    ['spent', `${spent}${reserved}`],
    ...(found.state === 'RUNNING'
      ? [
          ['deadline', `${minute(status.deadline)}${waiting.length > 0 ? '; it stands still now' : ''}`] as [
            string,
            string,
          ],
        ]
      : []),
    ...leftBehind.map((effect): [string, string] => ['left behind', effect]),
  ];
  const blocks = [facts(named, columns), steps.length > 0 ? stepTable(steps, columns) : 'No step is done yet.'];
  for (const request of waiting) blocks.push(describeOpen(found.workflowId, request, columns));
  if (end) blocks.push(describeEnd(end, columns));
  return blocks.join('\n\n');
}

/** A case of which no worker tells, as its history has it. */
export function describeHistory(
  found: FoundCase,
  { steps, costMicroUsd, modelCalls }: Pick<CaseHistory, 'steps' | 'costMicroUsd' | 'modelCalls'>,
  end: CaseEnd | undefined,
  columns?: number,
): string {
  const rows = steps.map(({ step, agent, outcome, attempts, paidCalls, failure }) => [
    step,
    agent,
    failure ? `${outcome} (${failure.type})` : outcome,
    String(attempts),
    showUsd(paidCalls.reduce((sum, call) => sum + call.costMicroUsd, 0)),
  ]);
  const blocks = [
    'No worker answers, so this is what its history says.',
    facts([...headOf(found), ['spent', `${showUsd(costMicroUsd)}, ${modelCalls} model calls`]], columns),
    fitted([['step', 'agent', 'outcome', 'attempts', 'cost'], ...rows], columns),
    ...(end ? [describeEnd(end, columns)] : []),
  ];
  return blocks.join('\n\n');
}

const headOf = ({ workflowId, process, state, startedAt, closedAt, page }: FoundCase): [string, string][] => [
  ['case', workflowId],
  ['process', process],
  ['state', state.toLowerCase().replaceAll('_', ' ')],
  ['started', minute(startedAt)],
  ...(closedAt
    ? [['ended', `${minute(closedAt)}, after ${span(closedAt.getTime() - startedAt.getTime())}`] as [string, string]]
    : []),
  ...(page ? [['Web UI', page] as [string, string]] : []),
];

function describeOpen(caseId: string, { approval, kind, role, asks, until }: OpenRequest, columns?: number): string {
  return [
    `${approval} (${kind}) waits for ${role}, ${left(until)}:`,
    paragraph(asks, '  ', columns),
    `  ${ourCommand('approvals', 'show', caseId, approval)}`,
  ].join('\n');
}

/** How a case ended, in one paragraph. */
export function describeEnd({ outcome, failureType, message }: CaseEnd, columns?: number): string {
  const type = failureType ? ` with ${failureType} (docs/failures.md#${failureType.toLowerCase()})` : '';
  return paragraph(`It ended: ${outcome}${type}.${message ? `\n${message}` : ''}`, '', columns);
}
