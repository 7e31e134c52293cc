import { z } from 'zod';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import { verifyIdentity } from '../../contracts/tools/identity.ts';
import type { ToolContext } from '../offer.ts';
import { badAnswer } from '../trouble.ts';
import { ask } from '../web-adapter.ts';

/** A registry may say more than we read. */
const Check = z.object(verifyIdentity.output.shape);

/** Has the registry check a document. What it answers is passed on as it came: whether to trust it is the agent's matter. */
export async function checkDocument(
  registry: { url: string; timeoutMs: number },
  call: ToolInput<typeof verifyIdentity>,
  context: ToolContext,
): Promise<ToolOutput<typeof verifyIdentity>> {
  const { customerId, document, number, name, birthDate } = call;
  const answer = await ask({
    system: 'identity.verify',
    method: 'POST',
    url: `${registry.url.replace(/\/$/, '')}/checks`,
    body: JSON.stringify({ customerId, document, number, name, birthDate }),
    timeoutMs: registry.timeoutMs,
    maxBytes: verifyIdentity.maxAnswerBytes,
    signal: context.signal,
  });
  const check = Check.safeParse(answer);
  if (check.success) return check.data;
  throw badAnswer('identity.verify', check.error.issues[0]?.path.join('.') || '$');
}
