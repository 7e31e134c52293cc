import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccess } from '../../client/http/access/access.ts';
import { addKey } from '../../client/http/access/keys.ts';
import { addressOf } from '../../client/http/access/origin.ts';
import type { ApiRole } from '../../client/http/access/principal.ts';
import { createHttp } from '../../client/http/app.ts';
import type { DecisionQuery, HttpParts } from '../../client/http/parts.ts';
import type { Person } from '../../contracts/directory.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import type { PastDecision } from '../../contracts/tools/audit.ts';
import { openAnswerSigner, openAnswerVerifier } from '../../keys/answers.ts';
import { answerKeys } from './answer-keys.ts';
import { onboarding, PLAN, says } from './cases.ts';
import { usage } from './scripted-models.ts';
import { type Spine, startSpine } from './spine.ts';

/** The people of these tests; what they may decide, and what they may do at the API. */
const PEOPLE: Person[] = [
  { person: 'carla', roles: ['compliance'], aliases: ['carla.rossi'] },
  { person: 'cleo', roles: ['compliance'], aliases: [] },
  { person: 'omar', roles: ['operations'], aliases: [] },
  { person: 'mia', roles: ['manager'], aliases: [] },
];

const CALLERS: Readonly<Record<string, { tenant: string; roles: ApiRole[]; person?: string }>> = {
  shop: { tenant: 'north', roles: ['application'] },
  'other-shop': { tenant: 'north', roles: ['application'] },
  dario: { tenant: 'north', roles: ['requester', 'approver'], person: 'dario' },
  carla: { tenant: 'north', roles: ['approver', 'auditor'], person: 'carla' },
  cleo: { tenant: 'north', roles: ['approver', 'auditor'], person: 'cleo' },
  omar: { tenant: 'north', roles: ['approver', 'operator'], person: 'omar' },
  mia: { tenant: 'north', roles: ['approver'], person: 'mia' },
  viewer: { tenant: 'north', roles: ['viewer'] },
  far: { tenant: 'south', roles: ['application', 'operator', 'approver', 'admin'], person: 'carla' },
};
export type Caller = keyof typeof CALLERS & string;

export interface Call {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** The API over real workflows, with keys of its own for everybody above, and answers that have to be signed. */
export async function startHttpRig(change: Partial<HttpParts> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'http-rig-'));
  const keysFile = join(folder, 'api-keys.json');
  const keys = new Map<string, string>();
  // The server is shared with other tests, so that tenants have names of their own.
  const house = randomUUID().slice(0, 8);
  for (const [name, caller] of Object.entries(CALLERS)) {
    const made = await addKey(keysFile, { ...caller, name, days: 30, tenant: `${caller.tenant}-${house}` }, Date.now());
    keys.set(name, made.key);
  }
  const files = answerKeys();
  const spine = await startSpine({ people: structuredClone(PEOPLE), answers: openAnswerVerifier(files.public) });
  const past: PastDecision[] = [];
  const asked: DecisionQuery[] = [];
  const complaints: unknown[] = [];
  const stopping = new AbortController();
  const access = openAccess({
    keysFile,
    address: addressOf('http://127.0.0.1:7300', '127.0.0.1', 7300),
    takesEmbedded: false,
    log: { warn: () => undefined },
  });
  const http = createHttp({
    client: spine.client,
    taskQueue: spine.taskQueue,
    people: async () => spine.people,
    signer: openAnswerSigner(files.signing),
    decisions: {
      list: async (query) => {
        asked.push(query);
        return { decisions: past.filter(({ caseId }) => caseId === (query.caseId ?? caseId)), more: false };
      },
    },
    releases: {
      ids: async () => ['r1', 'r2'],
      currentId: async () => 'r2',
      release: async (id) =>
        ({
          id,
          createdAt: `2026-01-0${id.slice(1)}T00:00:00Z`,
          note: '',
          policy: { id: 'standard-1', sha256: '' },
        }) as never,
      caps: async () => ({ onboardCustomer: 500_000 }),
    },
    access,
    toolOf: (agent) => `tool of ${agent}`,
    knowsAttributes: async () => true,
    uiUrl: 'http://ui.example',
    log: { info: () => undefined, warn: () => undefined, error: (fields) => complaints.push(fields) },
    stopping: stopping.signal,
    ...change,
  });
  const call = (who: Caller | undefined, method: string, path: string, { headers = {}, body }: Call = {}) =>
    http.app.request(`http://127.0.0.1:7300${path}`, {
      method,
      headers: {
        ...(who ? { authorization: `Bearer ${keys.get(who)}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const start = (who: Caller, process: string, body: unknown, key: string = randomUUID()) =>
    call(who, 'POST', `/v1/processes/${process}/cases`, { headers: { 'idempotency-key': key }, body });
  const stop = async (): Promise<void> => {
    stopping.abort();
    http.close();
    await spine.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { spine, http, call, start, past, asked, complaints, keys, keysFile, stopping, stop };
}

export type HttpRig = Awaited<ReturnType<typeof startHttpRig>>;

/** From now on the model is unsure about accounts, and a person is asked. */
export const unsure = ({ models }: Spine): void =>
  models.reset(({ agent }) => (agent.name === 'createAccount' ? says(PLAN, 0.5) : undefined));

/** From now on every model answer costs what it may cost at most. */
const everyCallDear = ({ models }: Spine): void =>
  models.reset(({ agent, input }) => {
    const said = agent.rehearse?.(input as Record<string, unknown>);
    return says({ ...said?.arguments }, said?.confidence, { ...usage, input: 150_000, output: 10_000 });
  });

/** A case that lacks a little money, which risks little: somebody of operations is asked. */
export const shortOfMoney = (rig: HttpRig) => waitingCase(rig, { capMicroUsd: 100_000 }, 'shop', everyCallDear);

/** A case that the shop has started, and that waits for somebody of compliance. */
export async function waitingCase(
  rig: HttpRig,
  change: Record<string, unknown> = {},
  who: Caller = 'shop',
  prepare: (spine: Spine) => void = unsure,
) {
  prepare(rig.spine);
  const started = (await (await rig.start(who, 'onboardCustomer', onboarding(change))).json()) as { case: string };
  const request = await askedOf(rig, started.case);
  return { id: started.case, request, path: `/v1/approvals/${started.case}/${request.approval}` };
}

async function askedOf(rig: HttpRig, id: string): Promise<OpenRequest> {
  for (let tries = 0; tries < 200; tries++) {
    const shown = (await (await rig.call('omar', 'GET', `/v1/cases/${id}`)).json()) as { waiting?: OpenRequest[] };
    const [request] = shown.waiting ?? [];
    if (request) return request;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${id} asked nothing`);
}

/** What a problem says, beside its status. */
export const problemOf = async (answer: Response) => ({
  status: answer.status,
  contentType: answer.headers.get('content-type'),
  ...((await answer.json()) as { detail: string; title: string; decidedBy?: string; errors?: { field: string }[] }),
});
