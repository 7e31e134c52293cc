import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startWebhookReceiver } from '../../outside/webhook-receiver.ts';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { serveHttp } from '../../tools/http.ts';
import type { Offered } from '../../tools/offer.ts';
import { serverFactory } from '../../tools/server.ts';
import { seedShop } from '../../tools/shop-seed.ts';
import { embeddedWebhookSecret } from '../../workers/tool-settings.ts';
import { type Fault, idOf, type Scenario, SIDES, shopFor } from './cases.ts';
import { spoil } from './spoil.ts';

/** The real tools over a shop of their own, where single tools misbehave for single orders. */
export interface Outside {
  readonly url: string;
  readonly database: Database;
  /** How often each tool was called for an order, whoever called. */
  calls(orderId: string, tool: string): number;
  stop(): Promise<void>;
}

/** Nobody reaches these: an order has no passport and no letter. */
const NOWHERE = { identityRegistryUrl: 'http://127.0.0.1:9', smtpUrl: 'smtp://127.0.0.1:9' };
/** Longer than any side waits for an answer. */
const SILENCE_MS = 8_000;

/** @param lasting for so many calls of an order a tool misbehaves; then it is well again */
export async function openOutside(stateDir: string, scenarios: readonly Scenario[], lasting: number): Promise<Outside> {
  const webhookSecret = embeddedWebhookSecret(stateDir);
  const webhooks = await startWebhookReceiver({ host: '127.0.0.1', port: 0, stateDir, secret: webhookSecret });
  const settings = {
    ...NOWHERE,
    stateDir,
    mailFrom: 'desk@governor.example',
    webhookUrl: webhooks.url,
    webhookSecret,
    outsideTimeoutMs: 1000,
    leaseMs: 1500,
  };
  const database = await openDatabase(settings);
  await seedShop(database, shopFor(scenarios));
  const faults = new Map(SIDES.flatMap((side) => scenarios.map((one) => [idOf(side, one), one.fault] as const)));
  const counts = new Map<string, number>();
  const offered = Object.values(createTools(database, settings)).map((one) =>
    misbehaving(one, { faults, counts, lasting }),
  );
  const serving = await serveHttp(serverFactory(offered), { host: '127.0.0.1', port: 0 });
  return {
    url: serving.url,
    database,
    calls: (orderId, tool) => counts.get(`${orderId} ${tool}`) ?? 0,
    stop: async () => {
      await serving.drain();
      await database.destroy();
      await webhooks.stop();
    },
  };
}

const Subject = z.looseObject({ requestId: z.string().optional(), customer_id: z.string().optional() });

interface Trouble {
  readonly faults: ReadonlyMap<string, Fault | undefined>;
  readonly counts: Map<string, number>;
  readonly lasting: number;
}

/** The tool does its work, and then says something else or nothing: the answer is lost or wrong, never the effect. */
function misbehaving(one: Offered, { faults, counts, lasting }: Trouble): Offered {
  // The server must let through what the contract forbids, as a server of somebody else would.
  const tool = { ...one.tool, output: z.looseObject({}) };
  const run: Offered['run'] = async (raw, meta) => {
    const { requestId, customer_id } = Subject.parse(raw);
    const orderId = requestId ?? customer_id ?? '';
    const counted = `${orderId} ${tool.name}`;
    const times = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, times);
    const answered = await one.run(raw, meta);
    const fault = faults.get(orderId);
    if (fault?.tool !== tool.name || times > lasting) return answered;
    if (fault.kind === 'time-out') await sleep(SILENCE_MS, undefined, { signal: meta.signal }).catch(() => undefined);
    return fault.kind === 'time-out' ? answered : { ...answered, answer: spoil(fault, answered.answer) };
  };
  return { tool, run };
}
