import { FAULTS, type FaultKind, FOUR, type FourTool, SIDES, type SideName } from './cases.ts';
import type { Row } from './compare.ts';

/** Sums of one side over some rows. */
export interface Sums {
  readonly orders: number;
  readonly modelCalls: number;
  readonly bytes: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costMicroUsd: number;
  readonly cachedMicroUsd: number;
  readonly wrongEffects: number;
  /** Faults after which the tool that had it is named, another one is, or none. */
  readonly named: number;
  readonly misnamed: number;
  readonly unnamed: number;
  /** Of the faults, those after which the right tool is named; percent, and no number without faults. */
  readonly attribution: number;
  readonly peopleAsked: number;
  /** Right orders that stand. */
  readonly rightOrders: number;
  readonly toolTries: number;
}

export function sumsOf(rows: readonly Row[], side: SideName, take: (row: Row) => boolean): Sums {
  const own = rows.filter((row) => row.side === side && take(row));
  const sum = (of: (row: Row) => number): number => own.reduce((all, row) => all + of(row), 0);
  const count = (is: (row: Row) => boolean): number => own.filter(is).length;
  const named = count(({ scenario, blames }) => blames !== undefined && blames === scenario.fault?.tool);
  const faults = count(({ scenario }) => scenario.fault !== undefined);
  return {
    orders: own.length,
    modelCalls: sum(({ spent }) => spent.calls),
    bytes: sum(({ spent }) => spent.bytes),
    tokensIn: sum(({ spent }) => spent.tokensIn),
    tokensOut: sum(({ spent }) => spent.tokensOut),
    costMicroUsd: sum(({ spent }) => spent.costMicroUsd),
    cachedMicroUsd: sum(({ spent }) => spent.cachedMicroUsd),
    wrongEffects: sum(({ wrong }) => wrong.length),
    named,
    attribution: faults === 0 ? Number.NaN : Math.round((100 * named) / faults),
    misnamed: count(({ scenario, blames }) => blames !== undefined && blames !== scenario.fault?.tool),
    unnamed: count(({ scenario, blames }) => scenario.fault !== undefined && blames === undefined),
    peopleAsked: sum(({ peopleAsked }) => peopleAsked),
    rightOrders: count(({ says, wrong }) => says === 'order' && wrong.length === 0),
    toolTries: sum(({ triedFaulty }) => triedFaulty),
  };
}

const LINES: readonly (readonly [string, keyof Sums])[] = [
  ['orders served', 'orders'],
  ['model calls', 'modelCalls'],
  ['bytes sent to the model', 'bytes'],
  ['tokens sent', 'tokensIn'],
  ['tokens answered', 'tokensOut'],
  ['cost, micro-dollars (simulated)', 'costMicroUsd'],
  ['the same with a perfect prompt cache', 'cachedMicroUsd'],
  ['right orders that stand', 'rightOrders'],
  ['wrong effects', 'wrongEffects'],
  ['calls of the failing tool', 'toolTries'],
  ['failing tool named', 'named'],
  ['attribution, percent', 'attribution'],
  ['another tool named', 'misnamed'],
  ['no tool named', 'unnamed'],
  ['people asked, beside the customer’s yes', 'peopleAsked'],
];

/** The whole comparison as Markdown. */
export function report(rows: readonly Row[]): string {
  const isClean = ({ scenario }: Row): boolean => scenario.fault === undefined;
  const parts: readonly (readonly [string, (row: Row) => boolean])[] = [
    ['clean', isClean],
    ['with faults', (row) => !isClean(row)],
  ];
  const sums = parts.flatMap(([, take]) => SIDES.map((side) => sumsOf(rows, side, take)));
  const heads = parts.flatMap(([name]) => SIDES.map((side) => `${side}, ${name}`));
  const body = LINES.map(([name, key]) => [name, ...sums.map((one) => shown(one[key]))]);
  return `${table([['', ...heads], ...body])}\n\n${eachFault(rows)}`;
}

const shown = (value: number): string => (Number.isNaN(value) ? '' : String(value));

/** What each fault of each tool came to. */
function eachFault(rows: readonly Row[]): string {
  const lines = FOUR.flatMap((tool) => FAULTS.map((kind) => lineOf(rows, tool, kind)));
  const heads = ['tool', 'fault', ...SIDES.flatMap((side) => [`${side}: end`, 'names', 'wrong effects', 'cost'])];
  return table([heads, ...lines.filter((line) => line.length > 0)]);
}

function lineOf(rows: readonly Row[], tool: FourTool, kind: FaultKind): string[] {
  const own = rows.filter(({ scenario: { fault } }) => fault?.tool === tool && fault.kind === kind);
  if (own.length === 0) return [];
  const cells = SIDES.flatMap((side) => {
    const row = own.find((one) => one.side === side);
    if (!row) return ['', '', '', ''];
    const { says, blames = 'none', wrong, spent } = row;
    return [says, blames === tool ? 'it' : blames, wrong.join('; ') || 'none', String(spent.costMicroUsd)];
  });
  return [tool, kind, ...cells];
}

function table([heads = [], ...body]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...body.map(line)].join('\n');
}
