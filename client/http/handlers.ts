import type { Context } from 'hono';
import { isStartable } from '../../contracts/process-inputs.ts';
import { findPerson } from '../../contracts/standing.ts';
import { type AccessEnv, callerOf } from './access/guard.ts';
import { callerName } from './access/principal.ts';
import type { Operation } from './access/routes.ts';
import { answer, sign } from './approvals/answer.ts';
import type { Board } from './approvals/board.ts';
import { answerAll } from './approvals/bulk.ts';
import type { ApprovalNews } from './approvals/events.ts';
import { listApprovals } from './approvals/list.ts';
import { noteCase } from './approvals/note.ts';
import type { Target } from './approvals/open-request.ts';
import { showApproval } from './approvals/show.ts';
import { decisionsOf } from './cases/decisions.ts';
import { caseEvents } from './cases/events.ts';
import { listCases } from './cases/list.ts';
import { resultOf } from './cases/result.ts';
import { showCase, statusOf } from './cases/show.ts';
import { startOnce } from './cases/start.ts';
import { timelineOf } from './cases/timeline.ts';
import { findCase, isClosed, rowOf } from './found-case.ts';
import {
  AnswerBody,
  ApprovalQuery,
  BulkBody,
  CaseDecisionsQuery,
  CaseQuery,
  DecisionsQuery,
  IdempotencyKey,
  NoQuery,
  ResultQuery,
} from './inputs.ts';
import { linksOf } from './links.ts';
import { openApiDocument } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';
import { bodyOf, jsonOf, partOf, queryOf } from './reading.ts';
import { currentRelease, listReleases } from './releases.ts';
import { eventStream } from './sse.ts';
import { receive } from './webhooks.ts';

type Handle = (c: Context<AccessEnv>) => Promise<Response> | Response;
type Handlers = Partial<Record<Operation, Handle>>;

/** What each operation does once its guard has let the caller in. */
export function handlersFor(
  parts: HttpParts,
  board: Board,
  news: ApprovalNews,
  countStream: (caller: string) => () => void,
): Handlers {
  return {
    ...caseHandlers(parts, countStream),
    ...approvalHandlers(parts, board, news, countStream),
    ...otherHandlers(parts),
  };
}

/** Seconds. */
const ASK_AGAIN = '2';

function caseHandlers(parts: HttpParts, countStream: (caller: string) => () => void): Handlers {
  const find = (c: Context<AccessEnv>, operation: Operation) =>
    findCase(parts, callerOf(c), partOf(c, 'case'), operation);
  return {
    'cases.start': (c) => startCase(parts, c),
    'cases.list': async (c) => c.json(await listCases(parts, callerOf(c), queryOf(c, CaseQuery))),
    'cases.show': async (c) => {
      queryOf(c, NoQuery);
      return c.json(await showCase(parts, callerOf(c), partOf(c, 'case')));
    },
    'cases.result': async (c) => {
      const { wait } = queryOf(c, ResultQuery);
      const caseId = partOf(c, 'case');
      const found = await resultOf(parts, callerOf(c), caseId, wait, c.req.raw.signal);
      if ('end' in found) return c.json(found.end);
      c.header('retry-after', ASK_AGAIN);
      return c.json({ case: caseId, run: found.run, stage: found.stage }, 202);
    },
    'cases.events': async (c) => {
      const found = await find(c, 'cases.events');
      const principal = callerOf(c);
      const done = countStream(`${principal.tenant}/${principal.sub}`);
      return eventStream(c, parts.stopping, (stream) => caseEvents(parts, principal, found, stream).finally(done));
    },
    'cases.timeline': async (c) => {
      const found = await find(c, 'cases.timeline');
      // What the history alone can't tell is worth no error.
      const status = await statusOf(parts, found, found.info).catch(() => undefined);
      return c.json(await timelineOf(parts, found, status));
    },
    'cases.decisions': async (c) => {
      const { limit } = queryOf(c, CaseDecisionsQuery);
      return c.json(await decisionsOf(parts, callerOf(c), partOf(c, 'case'), limit));
    },
    'cases.cancel': async (c) => {
      const found = await find(c, 'cases.cancel');
      if (!isClosed(found.info)) await parts.client.workflow.getHandle(found.workflowId, found.runId).cancel();
      const { run, stage } = rowOf(found.info, parts);
      return c.json({ case: found.workflowId, run, stage }, 202);
    },
  };
}

async function startCase(parts: HttpParts, c: Context<AccessEnv>): Promise<Response> {
  const process = partOf(c, 'process');
  if (!isStartable(process))
    throw new Problem('not-found', `No process of that name is started from outside. GET /v1/openapi.json names them.`);
  const key = IdempotencyKey.safeParse(c.req.header('idempotency-key'));
  if (!key.success)
    throw new Problem(
      'key-missing',
      'Send the header Idempotency-Key, 1 to 255 visible ASCII characters: a new one for each wish, the same one for each retry.',
    );
  const principal = callerOf(c);
  const { tenant } = principal;
  const input = await jsonOf(c);
  const startedBy = callerName(principal);
  const identity = { tenant, key: key.data };
  const { run, isNew } = await startOnce(parts, { process, input, tenant, startedBy, identity });
  c.header('location', linksOf(run.workflowId).self);
  return c.json({ ...startedOf(run, process) }, isNew ? 201 : 200);
}

const startedOf = ({ workflowId, runId }: { workflowId: string; runId: string }, process: string) => ({
  case: workflowId,
  run: runId,
  process,
  links: linksOf(workflowId),
});

function approvalHandlers(
  parts: HttpParts,
  board: Board,
  news: ApprovalNews,
  countStream: (caller: string) => () => void,
): Handlers {
  const target = (c: Context<AccessEnv>): Target => ({ case: partOf(c, 'case'), approval: partOf(c, 'approval') });
  return {
    'approvals.list': async (c) => {
      const query = queryOf(c, ApprovalQuery);
      const people = query.mine === 'true' ? await parts.people() : [];
      return c.json(listApprovals(await board.rows(), callerOf(c), query, people));
    },
    'approvals.events': (c) => {
      const principal = callerOf(c);
      const done = countStream(`${principal.tenant}/${principal.sub}`);
      return eventStream(c, parts.stopping, (stream) => news.tell(principal, stream).finally(done));
    },
    'approvals.show': async (c) => {
      queryOf(c, NoQuery);
      return c.json(await showApproval(parts, callerOf(c), partOf(c, 'case'), partOf(c, 'approval')));
    },
    'approvals.answer': async (c) => {
      const reply = await answer(parts, callerOf(c), target(c), await bodyOf(c, AnswerBody));
      await noteCase(parts, board, partOf(c, 'case'));
      return c.json(reply);
    },
    'approvals.sign': async (c) => c.json(await sign(parts, callerOf(c), target(c), await bodyOf(c, AnswerBody))),
    'approvals.bulk': async (c) => {
      const body = await bodyOf(c, BulkBody);
      const answered = await answerAll(parts, callerOf(c), body);
      for (const caseId of new Set(body.items.map((item) => item.case))) await noteCase(parts, board, caseId);
      return c.json(answered);
    },
  };
}

function otherHandlers(parts: HttpParts): Handlers {
  return {
    'decisions.list': async (c) => {
      const { tenant } = callerOf(c);
      return c.json(await parts.decisions.list({ ...queryOf(c, DecisionsQuery), tenant }));
    },
    'releases.list': async (c) => c.json({ releases: await listReleases(parts.releases) }),
    'releases.current': async (c) => c.json(await currentRelease(parts.releases)),
    me: async (c) => {
      const { sub, tenant, roles, person } = callerOf(c);
      const known = person && findPerson(await parts.people(), person);
      return c.json({ sub, ...(person ? { person } : {}), tenant, roles, directoryRoles: known ? known.roles : [] });
    },
    'webhooks.receive': async (c) => {
      const { run, process, isNew } = await receive(parts, partOf(c, 'source'), await c.req.text(), c.req.header());
      return c.json(startedOf(run, process), isNew ? 202 : 200);
    },
    'openapi.show': (c) => c.json(openApiDocument()),
    'health.show': async (c) => {
      const temporal = (await isReachable(parts)) ? 'reachable' : 'unreachable';
      const isStopping = parts.stopping?.aborted ?? false;
      return c.json({ status: isStopping ? 'stopping' : 'ok', temporal }, isStopping ? 503 : 200);
    },
  };
}

const HEALTH_PATIENCE_MS = 1000;

const isReachable = ({ client }: HttpParts): Promise<boolean> =>
  client
    .withDeadline(Date.now() + HEALTH_PATIENCE_MS, () => client.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );
