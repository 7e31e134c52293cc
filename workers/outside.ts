import { startMailSink } from '../outside/mail-sink.ts';
import type { Part } from '../outside/part.ts';
import { startRegistry } from '../outside/registry.ts';
import { startWebhookReceiver } from '../outside/webhook-receiver.ts';
import { readWorld } from '../outside/world.ts';
import { tellParent } from './child.ts';
import { loadConfig } from './config.ts';
import { embeddedWebhookSecret } from './tool-settings.ts';

/** The world that the tools speak to when nothing else is configured: a mail server, a webhook receiver, a registry. */
async function main(): Promise<void> {
  const { stateDir, ports, worldFile, tools, outsideHost } = loadConfig();
  const at = (port: number) => ({ host: outsideHost, port, stateDir });
  const world = await readWorld(worldFile);
  const secret = tools.webhookSecret ?? embeddedWebhookSecret(stateDir);
  const parts: Part[] = await Promise.all([
    startMailSink(at(ports.mail)),
    startWebhookReceiver({ ...at(ports.webhooks), secret }),
    startRegistry({ ...at(ports.registry), world }),
  ]);
  if (!tellParent()) console.error(`The outside world: ${parts.map((part) => part.url).join(', ')}`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await Promise.all(parts.map((part) => part.stop()));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
