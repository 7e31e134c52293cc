import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { AnswerVerdict } from '../../../contracts/decision.ts';
import { nextRequest } from '../perform.ts';
import { countOf } from '../screen.ts';
import type { ChaosCase } from './cases.ts';
import type { Chaos } from './chaos.ts';

const TITLE = '4 · Two people answer at once';
/** A manager and a director: either may decide. One says yes and the other no. */
const FIRST = { by: 'darius.wren', verdict: 'go-on', reason: 'agreed in the yearly plan' } as const;
const SECOND = { by: 'ruth.achterberg', verdict: 'reject', reason: 'there is no money left for courses' } as const;
/** What has to come of the claim, by the answer that was first. */
const COMES: Readonly<Partial<Record<AnswerVerdict, ChaosCase['expected']>>> = {
  'go-on': { outcome: 'reimbursed', effects: 1 },
  reject: { outcome: 'refused', effects: 0 },
};
/** Who travelled, and their invoices: else the second claim would be a duplicate of the first. */
const CLAIMS = [
  ['lena.brandt', '2101'],
  ['jonas.weil', '2102'],
  ['mira.olsen', '2103'],
] as const;

/** Two answers to one request, as each of the two people heard of them. */
export interface Answered {
  readonly workflowId: string;
  readonly approval: string;
  readonly replies: readonly {
    readonly by: string;
    readonly verdict: AnswerVerdict;
    readonly status: number;
    readonly said: string;
  }[];
}

/** Two people answer the same request at the same instant, one with a yes and one with a no: the first one counts. */
export async function doubleAnswers(chaos: Chaos): Promise<Answered[]> {
  const { stage, now } = chaos;
  const { screen } = stage;
  screen.heading(TITLE);
  screen.say(
    `${countOf(CLAIMS.length, 'claim')} over 4,200.00 USD ask for a manager. Each gets a yes and a no at the same instant, over the interface of the desk. One of them counts; the other hears whose that was.`,
  );
  now('each approval is answered twice at once, with a yes and with a no');
  const answered = await Promise.all(CLAIMS.map((claim, at) => answerTwice(chaos, claim, at % 2 === 0)));
  for (const { workflowId, replies } of answered) {
    screen.fact('request', workflowId);
    for (const { by, verdict, status, said } of replies) screen.fact('', `${by} ${verdict}: ${status} ${said}`);
  }
  const once = answered.filter(({ replies }) => replies.filter(({ status }) => status === 200).length === 1);
  screen.verdict(
    once.length === answered.length,
    `${once.length} of ${countOf(answered.length, 'request')} took one answer, and the case goes on from that one.`,
  );
  return answered;
}

async function answerTwice(
  { stage, cast, cases, leftAlone }: Chaos,
  [employee, invoice]: (typeof CLAIMS)[number],
  yesFirst: boolean,
): Promise<Answered> {
  const input = JSON.parse(JSON.stringify(cast.claim.input).replace('Invoice 1182', `Invoice ${invoice}`));
  const name = `answered-twice-${invoice}`;
  const claim = { ...cast.claim, name, input: { ...input, requestId: name, requestedBy: employee, employee } };
  // Known before it begins, so that nobody else answers it.
  leftAlone.add(`${claim.process}-${name}-${stage.evening}`);
  const begun = await cases.start(claim);
  const { workflowId } = begun.run;
  const request = await nextRequest(stage, begun.run);
  if (!request) throw new Error(`${workflowId} asked nobody.`);
  const both = yesFirst ? [FIRST, SECOND] : [SECOND, FIRST];
  const replies = await Promise.all(both.map((said) => answerAtDesk(stage, workflowId, request, said)));
  const first = replies.find(({ status }) => status === 200);
  begun.expected = (first && COMES[first.verdict]) ?? begun.expected;
  leftAlone.delete(workflowId);
  return { workflowId, approval: request.approval, replies };
}

const Problem = z.object({ detail: z.string() });
const NOT_NOW = 503;
const AGAIN_MS = 1000;
const MOST_TRIES = 20;

/** As the desk's page does it: under the key of whoever answers, over exactly what they have read. */
async function answerAtDesk(
  { house, stopping }: Chaos['stage'],
  workflowId: string,
  { approval, digest }: { readonly approval: string; readonly digest: string },
  { by, verdict, reason }: typeof FIRST | typeof SECOND,
): Promise<Answered['replies'][number]> {
  const { deskUrl, people = {} } = house.api;
  const path = `/v1/approvals/${encodeURIComponent(workflowId)}/${encodeURIComponent(approval)}/answers`;
  const send = (): Promise<Response> =>
    fetch(`${deskUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${people[by] ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify({ verdict, digest, reason }),
    });
  let response = await send();
  // A worker that is too busy says so, and whoever answers tries again.
  for (let tries = 1; response.status === NOT_NOW && tries < MOST_TRIES; tries++) {
    await sleep(AGAIN_MS, undefined, { signal: stopping });
    response = await send();
  }
  const problem = Problem.safeParse(await response.json());
  return { by, verdict, status: response.status, said: problem.success ? problem.data.detail : 'accepted, and signed' };
}
