import { join } from 'node:path';
import type { ToolSource } from '../activities/tool-client.ts';
import { ToolSettings } from '../tools/settings.ts';
import type { Config } from './config.ts';
import { embeddedWebhookSecret, type ToolProcessSettings, toolsCommand } from './tool-settings.ts';

/** Where the worker's tools are: at TOOLS_URL, or in a child of its own over stdio. */
export function toolSource(config: Config): ToolSource {
  const { url, token } = config.tools;
  if (url) return { url, ...(token ? { token } : {}) };
  return toolsCommand(toolProcessSettings(config));
}

/** What a tools process needs, with the embedded outside world wherever nothing else is configured. */
export function toolProcessSettings(config: Config): ToolProcessSettings {
  const { stateDir, ports, tools } = config;
  const outsideDir = join(stateDir, 'outside');
  return {
    tools: ToolSettings.parse({
      stateDir,
      ...(tools.databaseUrl ? { databaseUrl: tools.databaseUrl } : {}),
      identityRegistryUrl: tools.identityRegistryUrl ?? `http://127.0.0.1:${ports.registry}`,
      mailFrom: tools.mailFrom,
      ...(tools.smtpUrl ? { smtpUrl: tools.smtpUrl } : { smtpUrl: `smtp://127.0.0.1:${ports.mail}`, mailboxLog: join(outsideDir, 'mail.jsonl') }),
      webhookUrl: tools.webhookUrl ?? `http://127.0.0.1:${ports.webhooks}/`,
      webhookSecret: tools.webhookSecret ?? embeddedWebhookSecret(outsideDir),
    }),
    http: { host: tools.host, port: ports.tools, ...(tools.token ? { token: tools.token } : {}) },
    worldFile: config.worldFile,
  };
}
