import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { digestOf } from '../../contracts/digest.ts';
import { PROCESS_INPUTS, type StartableProcess } from '../../contracts/process-inputs.ts';
import type { CaseRun } from '../index.ts';
import { Tenant } from './access/principal.ts';
import { startOnce } from './cases/start.ts';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';
import { parseJson } from './reading.ts';
import { StartableName } from './shapes.ts';

/** Somebody who may send us deliveries: each starts cases of one process, as one requester. */
export const WebhookSource = z.strictObject({
  /** Of Standard Webhooks: `whsec_` and base64. Several while one is replaced by the next. */
  secrets: z
    .array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'has to be whsec_ and base64 of 24 bytes or more'))
    .min(1)
    .max(3),
  process: StartableName,
  /** Who asks for its cases, and so cannot approve them. What a delivery says about that does not count. */
  requestedBy: z.string().min(1).max(100),
  tenant: Tenant.default('default'),
});
export type WebhookSource = z.output<typeof WebhookSource>;

/** The file that `WEBHOOK_SOURCES_FILE` names: a source each, by the last part of its address. */
export const WebhookSources = z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/), WebhookSource);

/**
 * Starts the case that a delivery is about. The same delivery again, however late, is the same case: its id is made of
 * the source and the delivery's id, and lives as long as the case does.
 * @param body as it came, byte for byte: that is what the signature is over
 * @throws Problem 404 for a source that is not known, 400 where the signature or its time is no good, 422
 */
export async function receive(
  parts: HttpParts,
  name: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly run: CaseRun; readonly isNew: boolean; readonly process: StartableProcess }> {
  const source = parts.webhooks && Object.hasOwn(parts.webhooks, name) ? parts.webhooks[name] : undefined;
  if (!source) throw new Problem('not-found', 'No source of that name is set up. See WEBHOOK_SOURCES_FILE.');
  verify(source, body, headers);
  const id = headers['webhook-id'] ?? '';
  const { process, tenant, requestedBy } = source;
  const input = inputOf(parseJson(body), source, `${name}-${digestOf(id).slice(0, 24)}`);
  const identity = { webhook: name, tenant, id };
  const startedBy = requestedBy;
  return { process, ...(await startOnce(parts, { process, input, tenant, startedBy, identity })) };
}

/** Tolerance of the library: five minutes, either way. */
function verify({ secrets }: WebhookSource, body: string, headers: Readonly<Record<string, string>>): void {
  const isSigned = secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, { ...headers });
      return true;
    } catch {
      return false;
    }
  });
  if (isSigned) return;
  throw new Problem(
    'bad-signature',
    'Sign the raw body by Standard Webhooks: webhook-id, webhook-timestamp (within five minutes of now) and webhook-signature, with the secret of this source.',
  );
}

/** The delivery's data, or all of it where it has no envelope; who asks is the source, and its reference the delivery's id. */
function inputOf(delivery: unknown, { process, requestedBy }: WebhookSource, reference: string): unknown {
  const enveloped = Envelope.safeParse(delivery);
  const said = enveloped.success ? enveloped.data.data : delivery;
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return said;
  const takes = Object.keys(PROCESS_INPUTS[process].shape);
  const known = { requestId: reference, ...said, requestedBy };
  return Object.fromEntries(
    Object.entries(known).filter(([name]) => takes.includes(name) || Object.hasOwn(said, name)),
  );
}

/** As Standard Webhooks proposes them. */
const Envelope = z.object({ type: z.string(), timestamp: z.string(), data: z.record(z.string(), z.unknown()) });
