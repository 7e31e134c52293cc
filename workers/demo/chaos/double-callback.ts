import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Example } from '../examples.ts';
import { countOf } from '../screen.ts';
import type { Chaos } from './chaos.ts';
import { WEBHOOK_SOURCE } from './props.ts';

const TITLE = '3 · A callback comes twice';
const Started = z.object({ case: z.string(), run: z.string() });

/** One callback, and what each of its deliveries was answered. */
export interface Delivered {
  readonly id: string;
  readonly replies: readonly { readonly status: number; readonly case?: string }[];
}

/** An application calls back by signed webhooks, and each of them is delivered twice, at the same instant. */
export async function doubleCallbacks(chaos: Chaos): Promise<Delivered[]> {
  const { stage, cast, now } = chaos;
  const { screen } = stage;
  screen.heading(TITLE);
  screen.say(
    'A web form tells the house of new customers by signed webhooks. It is not sure that they arrived, and sends each of them twice, both at once.',
  );
  now('each callback of a web form is delivered twice');
  const delivered = await Promise.all(cast.byCallback.map((example) => deliverTwice(chaos, example)));
  for (const { id, replies } of delivered) {
    screen.fact('delivered', `${id}, twice`);
    for (const reply of replies) screen.fact('', `${reply.status} ${reply.case ?? 'and no case'}`);
  }
  const cases = new Set(delivered.flatMap(({ replies }) => replies.map((reply) => reply.case)));
  screen.verdict(
    cases.size === delivered.length && !cases.has(undefined),
    `${countOf(delivered.length * 2, 'delivery', 'deliveries')} began ${countOf(cases.size, 'case')}.`,
  );
  return delivered;
}

async function deliverTwice({ stage, props, cases }: Chaos, example: Example): Promise<Delivered> {
  const { requestId: _given, ...data } = example.input;
  const id = `msg_${example.name}_${stage.evening}`;
  const at = new Date();
  const body = JSON.stringify({ type: 'form.sent', timestamp: at.toISOString(), data });
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(props.webhookSecret).sign(id, at, body),
  };
  const deliver = async (): Promise<Delivered['replies'][number]> => {
    const url = `${stage.house.api.deskUrl}/v1/webhooks/${WEBHOOK_SOURCE}`;
    const response = await fetch(url, { method: 'POST', headers, body });
    const started = Started.safeParse(await response.json());
    if (!started.success) return { status: response.status };
    cases.adopt({ workflowId: started.data.case, runId: started.data.run }, example);
    return { status: response.status, case: started.data.case };
  };
  return { id, replies: await Promise.all([deliver(), deliver()]) };
}
