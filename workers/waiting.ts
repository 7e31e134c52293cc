import type { BoardRow } from '../client/http/approvals/board.ts';
import type { OpenMeter } from '../telemetry/meter.ts';

const SECOND_MS = 1000;
const SEPARATOR = ' ';

/** Tells how many requests are open and how long the oldest of each kind has waited; of all tenants together. */
export function tellWaiting(
  meter: Pick<OpenMeter, 'tell' | 'forget'> | undefined,
  rows: readonly Pick<BoardRow, 'row'>[],
  now = Date.now(),
): void {
  if (!meter) return;
  meter.forget('governor_approvals_waiting');
  meter.forget('governor_approval_age_seconds');
  const groups = Map.groupBy(rows, ({ row }) => [row.process, row.kind, row.role].join(SEPARATOR));
  for (const [key, group] of groups) {
    const [process = '', kind = '', role = ''] = key.split(SEPARATOR);
    const labels = { process, kind, role };
    const oldest = Math.min(...group.map(({ row }) => Date.parse(row.askedAt)));
    meter.tell('governor_approvals_waiting', labels, group.length);
    meter.tell('governor_approval_age_seconds', labels, Math.max(0, now - oldest) / SECOND_MS);
  }
}
