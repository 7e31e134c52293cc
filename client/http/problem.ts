import { WorkflowNotFoundError } from '@temporalio/client';
import { codeOf, GRPC } from '../grpc-code.ts';

export interface FieldError {
  /** The field's path, as in `lines.0.currency`; empty where it is about the whole. */
  readonly field: string;
  readonly message: string;
}

/** An answer that says what is wrong and what to do about it (RFC 9457). Thrown by whoever finds it out. */
export class Problem extends Error {
  readonly status: ProblemStatus;
  readonly slug: string;
  readonly title: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterS: number | undefined;
  readonly decidedBy: string | undefined;

  constructor(kind: ProblemKind, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.name = 'Problem';
    const [status, title] = KINDS[kind];
    this.status = status;
    this.slug = kind;
    this.title = title;
    this.errors = more.errors;
    this.retryAfterS = more.retryAfterS;
    this.decidedBy = more.decidedBy;
  }
}

interface ProblemMore {
  readonly errors?: readonly FieldError[];
  /** Seconds. */
  readonly retryAfterS?: number;
  readonly decidedBy?: string;
}

type ProblemStatus = 400 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

/** Every problem of the API that is not about who calls; docs/http-api.md has the same table. */
export const KINDS = {
  'key-missing': [400, 'There is no usable Idempotency-Key'],
  'not-json': [400, 'The body is not JSON'],
  'bad-signature': [400, 'The delivery cannot be believed'],
  'not-yours': [403, 'You may not answer this request'],
  'not-found': [404, 'There is no such thing here'],
  'no-such-method': [405, 'This address does not do that'],
  'already-decided': [409, 'Somebody was faster'],
  changed: [409, 'The request has changed'],
  'not-taken': [409, 'The case did not take this answer'],
  'too-large': [413, 'The body is too large'],
  'not-a-json-type': [415, 'The body has to be JSON'],
  'invalid-fields': [422, 'Some fields cannot be taken'],
  'key-reused': [422, 'This Idempotency-Key belongs to another body'],
  'too-many-calls': [429, 'Too many calls'],
  'our-fault': [500, 'Something broke here'],
  'not-now': [503, 'This cannot be told right now'],
} as const satisfies Record<string, readonly [ProblemStatus, string]>;

export type ProblemKind = keyof typeof KINDS;

/** The problem as an answer. */
export function problemResponse(problem: Problem, instance: string): Response {
  const { status, slug, title, message: detail, errors, decidedBy, retryAfterS } = problem;
  const body = { type: `urn:governor:problem:${slug}`, title, status, detail, instance };
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (retryAfterS !== undefined) headers.set('retry-after', String(Math.ceil(retryAfterS)));
  const more = { ...(errors ? { errors } : {}), ...(decidedBy ? { decidedBy } : {}) };
  return new Response(JSON.stringify({ ...body, ...more }), { status, headers });
}

/** What went wrong on the way to the case, in words for the caller; a bug of ours stays one, and tells nothing. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof WorkflowNotFoundError) return noSuchCase();
  const code = codeOf(error);
  if (code === GRPC.notFound) return noSuchCase();
  if (code === GRPC.exhausted)
    return new Problem('too-many-calls', 'The server of the cases has more to do than it can take. Try again soon.', {
      retryAfterS: 2,
    });
  if (code === GRPC.unavailable || code === GRPC.deadline)
    return new Problem(
      'not-now',
      'The server of the cases does not answer. Nothing is lost: try again in a few seconds, with the same Idempotency-Key.',
      { retryAfterS: 5 },
    );
  if (code === GRPC.failedPrecondition)
    return new Problem(
      'not-now',
      'No worker can go on with this case right now. Nothing is lost: try again in a few seconds.',
      {
        retryAfterS: 5,
      },
    );
  if (code === GRPC.invalidArgument)
    return new Problem('invalid-fields', 'The server of the cases does not take this. Check ids and cursors.');
  return new Problem('our-fault', 'This is a fault of ours and is written down. Trying again may help.');
}

export const noSuchCase = (): Problem =>
  new Problem('not-found', 'No such case is here for you. Cases are found by the id that starting them gave.');
