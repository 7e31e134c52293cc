import type { Principal } from '../access/principal.ts';
import type { BulkBody } from '../inputs.ts';
import type { HttpParts } from '../parts.ts';
import { asProblem, Problem } from '../problem.ts';
import type { BulkResults } from '../shapes.ts';
import { answer } from './answer.ts';
import { findRequest, noSuchRequest } from './open-request.ts';

type Item = BulkBody['items'][number];
type Result = BulkResults['results'][number];

/**
 * One verdict for several requests, one after the other and each by its own digest: what one of them comes to, the others
 * don't feel. Only what risks little, and is alike.
 */
export async function answerAll(parts: HttpParts, principal: Principal, body: BulkBody): Promise<BulkResults> {
  const kinds = await Promise.all(body.items.map((item) => kindOf(parts, principal, item)));
  const distinct = new Set(kinds.flatMap((kind) => (typeof kind === 'string' ? [kind] : [])));
  if (distinct.size > 1)
    throw new Problem(
      'invalid-fields',
      `Together go requests of one kind alone; these are ${[...distinct].join(', ')}.`,
    );
  const results: Result[] = [];
  for (const [index, item] of body.items.entries()) {
    const kind = kinds[index];
    results.push(kind instanceof Problem ? failed(item, kind) : await answerOne(parts, principal, item, body));
  }
  return { results };
}

/** What kind of request it is, or why it has none. */
async function kindOf(parts: HttpParts, principal: Principal, item: Item): Promise<string | Problem> {
  try {
    const { status, request } = await findRequest(parts, principal, item, 'approvals.bulk');
    if (!request) return noSuchRequest(status);
    if (request.risk !== 'low')
      return new Problem('not-taken', `The risk of ${item.approval} is ${request.risk}: answer it on its own.`);
    return request.kind;
  } catch (error) {
    return asProblem(error);
  }
}

async function answerOne(parts: HttpParts, principal: Principal, item: Item, body: BulkBody): Promise<Result> {
  const { verdict, reason } = body;
  try {
    const { why } = await answer(parts, principal, item, { verdict, digest: item.digest, reason });
    return { case: item.case, approval: item.approval, accepted: true, ...(why ? { why } : {}) };
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 500) parts.log.error({ error }, 'an answer in bulk broke');
    return failed(item, problem);
  }
}

const failed = (item: Item, { message }: Problem): Result => ({
  case: item.case,
  approval: item.approval,
  accepted: false,
  why: message,
});
