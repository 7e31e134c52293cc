import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { outsideFiles } from './files.ts';
import { appendLine, readLines } from './log.ts';
import { answer, type Part, type PartSettings, serve } from './part.ts';

const Delivery = z.object({ data: z.object({ subjectId: z.string(), channel: z.string() }) });
const Logged = z.object({ webhookId: z.string() });

/** Takes signed webhooks. Each delivery is written down; one whose id came before is marked, and changes nothing. */
export async function startWebhookReceiver(settings: PartSettings & { readonly secret: string }): Promise<Part> {
  const { webhooks } = outsideFiles(settings.stateDir);
  const verifier = new Webhook(settings.secret);
  const known = new Set((await readLines(webhooks, Logged)).map((line) => line.webhookId));

  return serve(settings, async (request, response) => {
    const body = await text(request);
    const webhookId = String(request.headers['webhook-id'] ?? '');
    const delivery = verified(verifier, body, request.headers);
    if (!delivery) return answer(response, 401, { status: 'not signed by anybody we know' });
    const { subjectId, channel } = delivery.data;
    appendLine(webhooks, { webhookId, subjectId, channel, duplicate: known.has(webhookId) });
    known.add(webhookId);
    answer(response, 200, { status: 'taken' });
  });
}

function verified(
  verifier: Webhook,
  body: string,
  headers: NodeJS.Dict<string | string[]>,
): z.output<typeof Delivery> | undefined {
  const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  try {
    return Delivery.parse(verifier.verify(body, plain));
  } catch {
    return undefined;
  }
}
