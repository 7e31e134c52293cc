import { z } from 'zod';
import {
  type ApprovalDesk,
  type Decided,
  NotOpen,
  type ShownRequest,
  TO_NOTHING,
  type Waiting,
} from './approval-desk.ts';
import { Refused } from './words.ts';

export interface ApiPlace {
  /** Where the HTTP API is, without a path. */
  readonly url: string;
  /** The caller's own key: the API knows by it who answers. */
  readonly key: string;
}

const PATIENCE_MS = 30_000;
const CONFLICT = 409;
/** How the API says that there is no such open request. */
const NO_LONGER = [404, CONFLICT, 410];
/** Of one page; the API takes no more. */
const PAGE = 200;

/** Ours to the last field: the server speaks the same types. */
const Row = z.custom<Waiting>(
  (value) => z.looseObject({ case: z.string(), approval: z.string() }).safeParse(value).success,
);
const Shown = z.custom<ShownRequest>((value) => z.looseObject({ request: z.looseObject({}) }).safeParse(value).success);
const Page = z.object({ approvals: z.array(Row), next: z.string().optional() });
const Signature = z.object({ command: z.string() });
const Taken = z.object({ accepted: z.boolean(), why: z.string().optional() });
const Problem = z.object({
  title: z.string().default(''),
  detail: z.string().default(''),
  decidedBy: z.string().optional(),
});

/** Requests and answers by the HTTP API, which knows who we are and signs in our name. */
export function openApiApprovals(place: ApiPlace): ApprovalDesk {
  const call = <T>(method: string, path: string, shape: z.ZodType<T>, body?: object): Promise<T> =>
    callApi(place, method, path, shape, body);
  return {
    list: async () => {
      const found: Waiting[] = [];
      let cursor: string | undefined;
      do {
        const page = await call('GET', `/v1/approvals?limit=${PAGE}${cursor ? `&cursor=${enc(cursor)}` : ''}`, Page);
        found.push(...page.approvals);
        cursor = page.next;
      } while (cursor);
      return found;
    },
    show: (caseId, approval) =>
      call('GET', pathOf(caseId, approval), Shown).catch((error: unknown) => {
        throw error instanceof Declined && NO_LONGER.includes(error.status) ? new NotOpen(error.message) : error;
      }),
    tooLate: async (caseId, approval) => {
      try {
        await call('POST', `${pathOf(caseId, approval)}/answers`, Taken, TO_NOTHING);
      } catch (error) {
        if (!(error instanceof Declined)) throw error;
        return error.decidedBy ? error.message : undefined;
      }
      return undefined;
    },
    answer: async (decided) => {
      const path = `${pathOf(decided.case, decided.request.approval)}/answers`;
      try {
        const { accepted, why } = await call('POST', path, Taken, bodyOf(decided));
        return { accepted, ...(why ? { why } : {}) };
      } catch (error) {
        if (!(error instanceof Declined && error.status === CONFLICT)) throw error;
        return { accepted: false, why: error.message, ...(error.decidedBy ? { decidedBy: error.decidedBy } : {}) };
      }
    },
    sign: async (decided) => {
      const path = `${pathOf(decided.case, decided.request.approval)}/signature`;
      return (await call('POST', path, Signature, bodyOf(decided))).command;
    },
  };
}

const enc = encodeURIComponent;
const pathOf = (caseId: string, approval: string): string => `/v1/approvals/${enc(caseId)}/${enc(approval)}`;
const bodyOf = ({ request, said }: Decided): object => ({ ...said, digest: request.digest });

/** The API has said no, in its own words. */
class Declined extends Refused {
  readonly status: number;
  readonly decidedBy: string | undefined;

  constructor(status: number, message: string, decidedBy: string | undefined) {
    super(message);
    this.status = status;
    this.decidedBy = decidedBy;
  }
}

async function callApi<T>(
  { url, key }: ApiPlace,
  method: string,
  path: string,
  shape: z.ZodType<T>,
  body: object | undefined,
): Promise<T> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    // A key must not follow to wherever an answer points.
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => {
    throw new Refused(`No API answers at ${url}. Look at GOVERNOR_API_URL.`);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw declined(response.status, answer);
  const parsed = shape.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Refused(`What answers at ${url} is not this API. Look at GOVERNOR_API_URL.`);
}

function declined(status: number, answer: unknown): Declined {
  const { title, detail, decidedBy } = Problem.safeParse(answer).data ?? {
    title: '',
    detail: '',
    decidedBy: undefined,
  };
  return new Declined(status, detail || title || `The API answered with ${status}.`, decidedBy);
}
