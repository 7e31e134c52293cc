import type { Payload, PayloadCodec } from '@temporalio/common';
import { z } from 'zod';
import { MissingPayloadKey } from './keyring.ts';

export interface CodecHandlerOptions {
  readonly codec: PayloadCodec;
  /** Pages that may ask, as browsers name them: scheme, host and port. No other page reads an answer. */
  readonly origins: readonly string[];
}

/** The most that one question may have. */
export const MOST_BYTES = 16 * 1024 * 1024;
const ALLOWED_HEADERS = 'content-type, x-namespace, authorization';

const Bytes = z.base64().transform((text) => new Uint8Array(Buffer.from(text, 'base64')));
const Asked = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), Bytes).default({}), data: Bytes.optional() }))
    .max(10_000),
});

/**
 * What the Temporal Web UI and command line ask to show people payloads that are locked: POST …/decode and …/encode, as
 * their codec endpoint. Whoever may call it reads everything, so it stands on this machine or behind a guard.
 */
export function createCodecHandler({ codec, origins }: CodecHandlerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const origin = request.headers.get('origin');
    if (origin === null) return respond(request, codec);
    if (!origins.includes(origin)) return words(403, 'This page may not ask: CODEC_ORIGINS names others.');
    const answer = await respond(request, codec);
    answer.headers.set('access-control-allow-origin', origin);
    answer.headers.set('vary', 'origin');
    return answer;
  };
}

async function respond(request: Request, codec: PayloadCodec): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: PREFLIGHT });
  const work = /\/(encode|decode)$/.exec(new URL(request.url).pathname)?.[1];
  if (request.method !== 'POST' || !work) return words(404, 'Ask by POST to /encode or /decode.');
  const payloads = await payloadsIn(request);
  if (!payloads) return words(400, 'The body has to be {"payloads": […]}, 16 MB at most.');
  try {
    const done = work === 'encode' ? await codec.encode(payloads) : await codec.decode(payloads);
    return Response.json({ payloads: done.map(inBase64) });
  } catch (error) {
    if (!(error instanceof MissingPayloadKey)) throw error;
    return words(422, error.message);
  }
}

const PREFLIGHT = {
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': ALLOWED_HEADERS,
  'access-control-max-age': '600',
};

const words = (status: number, detail: string): Response => Response.json({ detail }, { status });

async function payloadsIn(request: Request): Promise<Payload[] | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) return undefined;
  const asked = Asked.safeParse(await request.json().catch(() => undefined));
  return asked.success
    ? asked.data.payloads.map(({ metadata, data }) => ({ metadata, data: data ?? null }))
    : undefined;
}

const base64 = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64');

const inBase64 = ({ metadata, data }: Payload): object => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
  data: base64(data),
});
