import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { openEscalation } from '../../contracts/tools/escalations.ts';
import type { Store } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected } from '../trouble.ts';

/** Opens the ticket, in one of the queues that the failure's type allows. */
export async function open(
  call: ToolInput<typeof openEscalation>,
  context: ToolContext,
  store: Store,
): Promise<ToolOutput<typeof openEscalation>> {
  const { allowedQueues, ...ticket } = call;
  if (!allowedQueues.includes(call.queue))
    throw rejected('the queue is none of the allowed ones', { queue: call.queue });
  const escalationId = `esc-${digestOfText(context.key).slice(0, 12)}`;
  await store
    .insertInto('escalations')
    .values({ ...ticket, escalationId, key: context.key, at: context.now() })
    .execute();
  return { escalationId, queue: call.queue };
}
