import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/**
 * The same history with its payloads opened, by the client's own way to read them; the SDK opens what it hands out itself,
 * and a raw history not.
 */
export async function openHistory<H extends object>(client: Client, history: H): Promise<H> {
  const { payloadCodecs } = client.options.loadedDataConverter;
  if (payloadCodecs.length === 0) return history;
  const open = async (payload: Payload): Promise<Payload> => {
    let opened = [payload];
    for (const codec of payloadCodecs.toReversed()) opened = await codec.decode(opened);
    return opened[0] ?? payload;
  };
  return mapPayloads(history, open);
}

/** A copy with each payload changed, wherever it stands. */
async function mapPayloads<T>(value: T, change: (payload: Payload) => Promise<Payload>): Promise<T> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return (await Promise.all(value.map((each) => mapPayloads(each, change)))) as T;
  if (isPayload(value)) return (await change(value)) as T;
  const parts = Object.entries(value).map(async ([name, part]) => [name, await mapPayloads(part, change)] as const);
  // Numbers of 64 bits are objects with a prototype of their own, which has to stay.
  return Object.assign(Object.create(Object.getPrototypeOf(value)), Object.fromEntries(await Promise.all(parts)));
}

const isPayload = (value: object): value is Payload & object =>
  'metadata' in value && typeof value.metadata === 'object' && value.metadata !== null && 'encoding' in value.metadata;
