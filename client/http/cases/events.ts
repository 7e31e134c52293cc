import { endOfCase } from '../../case-end.ts';
import type { Principal } from '../access/principal.ts';
import type { FoundCase } from '../found-case.ts';
import { findCase, isClosed, rowOf } from '../found-case.ts';
import type { HttpParts } from '../parts.ts';
import { pause, type Stream, type StreamEvent } from '../sse.ts';

/** Between two looks at one case, milliseconds. */
const LOOK_MS = 800;

/**
 * Tells where a case stands (`stage`), what it asks (`request`) and how it ended (`end`). An event's id is the length of
 * the history that it was read from: who comes back with it hears what is new since.
 */
export async function caseEvents(
  parts: HttpParts,
  principal: Principal,
  first: FoundCase,
  { send, over, since }: Stream,
): Promise<void> {
  const tell = newsOf(parts, Number(since ?? '0') || 0);
  for (let found = first; !over.aborted; found = await again(parts, principal, found)) {
    for (const event of tell(found)) await send(event);
    if (isClosed(found.info)) return send(await endEvent(parts, found, over));
    await pause(LOOK_MS, over);
  }
}

/** What is new of a case at each look, beside what the caller has heard before. */
function newsOf(parts: HttpParts, heard: number): (found: FoundCase) => StreamEvent[] {
  let stage: string | undefined;
  let asked = '';
  return (found) => {
    const { historyLength } = found.info;
    const row = rowOf(found.info, parts);
    const waiting = row.stage === 'waiting' ? waitingIn(found) : [];
    const asks = JSON.stringify(waiting);
    const id = String(historyLength);
    const news: StreamEvent[] = [];
    if (row.stage !== stage) news.push({ event: 'stage', id, data: row });
    if (asks !== asked && waiting.length > 0)
      news.push({ event: 'request', id, data: { case: row.case, run: row.run, waiting } });
    stage = row.stage;
    asked = asks;
    return historyLength > heard ? news : [];
  };
}

async function endEvent({ client }: HttpParts, found: FoundCase, over: AbortSignal): Promise<StreamEvent> {
  const { workflowId, runId, info } = found;
  const end = await endOfCase(client, found, over);
  return { event: 'end', id: String(info.historyLength), data: { case: workflowId, run: runId, ...end } };
}

/** The server may be away for a while; the stream is not. */
const again = (parts: HttpParts, principal: Principal, found: FoundCase): Promise<FoundCase> =>
  findCase(parts, principal, found.workflowId, 'cases.events').catch(() => found);

function waitingIn({ info }: FoundCase): readonly unknown[] {
  const waiting = info.memo?.['waiting'];
  return Array.isArray(waiting) ? waiting : [];
}
