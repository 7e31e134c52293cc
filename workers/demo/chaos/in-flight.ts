import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { z } from 'zod';
import { openHistory } from '../../../client/open-history.ts';
import type { ModelCall } from '../../../contracts/decision.ts';

/** An activity on its way, in the words of the server. */
export interface InFlight {
  readonly workflowId: string;
  readonly activityId: string;
  readonly agent: string;
  readonly attempt: number;
  /** A worker has it. */
  readonly begun: boolean;
  /** `4711@host`, who had it last. */
  readonly worker: string;
  /** Set where the server has acknowledged the model's proposal: the calls that it was made of. */
  readonly kept?: readonly ModelCall[];
}

/** PendingActivityState of the Temporal API. */
const BEGUN = 2;
const Checkpoint = z.looseObject({ proposal: z.looseObject({}), calls: z.array(z.unknown()) });

/** What agents are at in one case. */
export async function inFlightOf(client: Client, workflowId: string): Promise<InFlight[]> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const { pendingActivities } = await openHistory(client, { pendingActivities: raw.pendingActivities ?? [] });
  return pendingActivities.map(
    ({ activityId, activityType, attempt, state, lastWorkerIdentity, heartbeatDetails }): InFlight => {
      const kept = callsKept(heartbeatDetails?.payloads?.[0]);
      return {
        workflowId,
        activityId: activityId ?? '',
        agent: activityType?.name ?? '',
        attempt: attempt ?? 0,
        begun: Number(state) === BEGUN,
        worker: lastWorkerIdentity ?? '',
        ...(kept ? { kept } : {}),
      };
    },
  );
}

function callsKept(details: Payload | undefined): readonly ModelCall[] | undefined {
  const checkpoint = Checkpoint.safeParse(details && defaultPayloadConverter.fromPayload(details));
  return checkpoint.success ? (checkpoint.data.calls as ModelCall[]) : undefined;
}

/** What a worker process has in hand, over several cases. */
export async function inHandOf(client: Client, workflowIds: readonly string[], pid: number): Promise<InFlight[]> {
  const all = await Promise.all(workflowIds.map((id) => inFlightOf(client, id)));
  return all.flat().filter(({ begun, worker }) => begun && worker.startsWith(`${pid}@`));
}

/**
 * Stops a worker process before it is looked at, so that nothing is done between the look and a kill.
 * @returns true where it stands still with so many steps in hand; otherwise it goes on
 */
export async function isCaughtInTheMiddle(
  client: Client,
  workflowIds: readonly string[],
  pid: number,
  enough: number,
): Promise<boolean> {
  process.kill(pid, 'SIGSTOP');
  const inHand = await inHandOf(client, workflowIds, pid).catch(() => []);
  const isCaught = inHand.length >= enough;
  if (!isCaught) process.kill(pid, 'SIGCONT');
  return isCaught;
}
