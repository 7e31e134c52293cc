import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outsideFiles } from '../../outside/files.ts';
import { startMailSink } from '../../outside/mail-sink.ts';
import { startRegistry } from '../../outside/registry.ts';
import { startWebhookReceiver } from '../../outside/webhook-receiver.ts';
import type { World } from '../../outside/world.ts';
import type { ToolSettings } from '../../tools/settings.ts';
import { embeddedWebhookSecret } from '../../workers/tool-settings.ts';
import { PAPERS } from './paper-calls.ts';
import { SHOP } from './shop.ts';

export interface ToolWorld {
  readonly settings: ToolSettings;
  readonly world: World;
  readonly stateDir: string;
  stop(): Promise<void>;
}

type Document = World['documents'][number];

/** A document of Ada Byron's, with whatever is special about it. */
export const documentOf = (number: string, special: Partial<Document> = {}): Document => ({
  number,
  document: 'passport',
  name: 'Ada Byron',
  birthDate: '1990-12-10',
  validUntil: '2035-01-31',
  subjectId: 'cus-ada',
  watchList: false,
  cached: null,
  fault: null,
  ...special,
});

const CUSTOMERS: World['customers'] = [
  {
    customerId: 'cus-ada',
    name: 'Ada Byron',
    company: 'Analytical Engines Ltd',
    email: 'ada@engines.example',
    status: 'lead',
  },
  { customerId: 'cus-zoe', name: 'Zoë Müller-Łuczak', company: null, email: 'zoe@mueller.example', status: 'active' },
  { customerId: 'cus-sam1', name: 'Sam Lee', company: 'Lee & Co', email: 'sam@lee.example', status: 'lead' },
  { customerId: 'cus-sam2', name: 'Sam Lee', company: 'Harbour AG', email: 'sam.lee@harbour.example', status: 'lead' },
];

/** The outside world on free ports, in a folder of its own. */
export async function startToolWorld(
  documents: readonly Document[] = [],
  settings: Partial<ToolSettings> = {},
): Promise<ToolWorld> {
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-tools-'));
  const world: World = {
    customers: CUSTOMERS,
    documents: [documentOf('PA1234567'), ...documents],
    shop: SHOP,
    papers: PAPERS,
  };
  const at = { host: '127.0.0.1', port: 0, stateDir };
  const webhookSecret = embeddedWebhookSecret(stateDir);
  const mail = await startMailSink(at);
  const webhooks = await startWebhookReceiver({ ...at, secret: webhookSecret });
  const registry = await startRegistry({ ...at, world });
  return {
    world,
    stateDir,
    settings: {
      stateDir,
      identityRegistryUrl: registry.url,
      smtpUrl: mail.url,
      mailFrom: 'welcome@governor.example',
      mailboxLog: outsideFiles(stateDir).mail,
      webhookUrl: webhooks.url,
      webhookSecret,
      outsideTimeoutMs: 1000,
      leaseMs: 1500,
      ...settings,
    },
    stop: async () => {
      await Promise.all([mail.stop(), webhooks.stop(), registry.stop()]);
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
