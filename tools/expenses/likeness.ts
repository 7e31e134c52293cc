import type { ToolInput } from '../../contracts/tool.ts';
import type { fileExpenses } from '../../contracts/tools/expenses.ts';
import { closeMerchants } from './merchants.ts';

type Line = ToolInput<typeof fileExpenses>['lines'][number];

/** A claim as the register has it. */
export interface Claim extends Pick<Line, 'lineId' | 'date' | 'merchant' | 'amountMinor' | 'currency' | 'receipt'> {
  readonly requestId: string;
  readonly employee: string;
  readonly homeMinor: number;
}

export type Likeness = 'none' | 'likely' | 'sure';

const DAY_MS = 86_400_000;
const daysBetween = (one: string, other: string): number => Math.abs(Date.parse(one) - Date.parse(other)) / DAY_MS;

/**
 * How like another claim this one is. The same receipt under another report is the same claim, whoever sends it. Of one
 * employee: same day, sum and close merchant is the same; same day and sum elsewhere, or the same sum at a close
 * merchant within the days, may be. One bill may stand for two lines of a report.
 */
export function likenessOf(line: Claim, other: Claim, duplicateDays: number): Likeness {
  const sameReport = line.requestId === other.requestId;
  if (line.receipt !== null && line.receipt === other.receipt) return sameReport ? 'likely' : 'sure';
  if (line.employee !== other.employee) return 'none';
  if (line.amountMinor !== other.amountMinor || line.currency !== other.currency) return 'none';
  const close = closeMerchants(line.merchant, other.merchant);
  if (line.date === other.date) return close ? 'sure' : 'likely';
  return close && daysBetween(line.date, other.date) <= duplicateDays ? 'likely' : 'none';
}

export const gravest = (all: readonly Likeness[]): Likeness =>
  (['sure', 'likely'] as const).find((one) => all.includes(one)) ?? 'none';

/** Whether two claims of different reports may be parts of one: the same employee, a close merchant, a few days. */
export const mayBelongTogether = (line: Claim, other: Claim, splitDays: number): boolean =>
  line.employee === other.employee &&
  line.requestId !== other.requestId &&
  daysBetween(line.date, other.date) <= splitDays &&
  closeMerchants(line.merchant, other.merchant);
