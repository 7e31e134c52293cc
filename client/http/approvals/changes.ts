import type { ApprovalRow } from '../shapes.ts';
import type { BoardRow } from './board.ts';

export interface Change {
  readonly event: 'opened' | 'changed' | 'closed';
  /** For one that closed, as it was last seen. */
  readonly of: BoardRow;
}

/** Names a request in all of the house: a run of a case, and the question in it. */
export const keyOf = ({ run, approval }: Pick<ApprovalRow, 'run' | 'approval'>): string => `${run}/${approval}`;

/** What happened between two looks. */
export function changesBetween(
  before: ReadonlyMap<string, BoardRow>,
  after: ReadonlyMap<string, BoardRow>,
): readonly Change[] {
  const closed = [...before].filter(([key]) => !after.has(key)).map(([, of]) => ({ event: 'closed' as const, of }));
  const rest = [...after].flatMap(([key, of]): Change[] => {
    const earlier = before.get(key);
    if (!earlier) return [{ event: 'opened', of }];
    return isSame(earlier.row, of.row) ? [] : [{ event: 'changed', of }];
  });
  return [...closed, ...rest];
}

/** As text: their keys come in one order, and hundreds are held together every second. */
const isSame = (left: ApprovalRow, right: ApprovalRow): boolean =>
  left === right || JSON.stringify(left) === JSON.stringify(right);
