import type { ToolSource } from '../activities/tool-client.ts';
import { outsideFiles } from '../outside/files.ts';
import type { Config } from './config.ts';
import { readForeignTools } from './foreign-servers.ts';
import { embeddedWebhookSecret, type ToolProcessSettings, toolsCommand } from './tool-settings.ts';

/** Where the worker's tools are: at TOOLS_URL, or in a child of its own over stdio. */
export function toolSource(config: Config): ToolSource {
  const { url, token } = config.tools;
  if (url) return { url, ...(token ? { token } : {}) };
  // A child has no port of its own for Prometheus; what it does shows in its parent's metrics.
  const { telemetry: { metrics: _parents, ...telemetry } = {}, ...settings } = toolProcessSettings(config);
  return toolsCommand({ ...settings, telemetry });
}

/** What a tools process needs, with the embedded outside world wherever nothing else is configured. */
export function toolProcessSettings(config: Config): ToolProcessSettings {
  const { stateDir, ports, tools, answers } = config;
  return {
    tools: {
      stateDir,
      ...(tools.databaseUrl ? { databaseUrl: tools.databaseUrl } : {}),
      ...(tools.crm ? { crm: tools.crm } : {}),
      ...(tools.foreignTools ? { foreign: readForeignTools(tools.foreignTools) } : {}),
      ...(answers.publicFile ? { answerKeys: answers.publicFile } : {}),
      identityRegistryUrl: tools.identityRegistryUrl ?? `http://127.0.0.1:${ports.registry}`,
      smtpUrl: tools.smtpUrl ?? `smtp://127.0.0.1:${ports.mail}`,
      mailFrom: tools.mailFrom,
      // Only our own sink can be asked whether a message arrived.
      ...(tools.smtpUrl ? {} : { mailboxLog: outsideFiles(stateDir).mail }),
      webhookUrl: tools.webhookUrl ?? `http://127.0.0.1:${ports.webhooks}`,
      webhookSecret: tools.webhookSecret ?? embeddedWebhookSecret(stateDir),
      ...PATIENCE[config.profile],
    },
    http: { host: tools.host, port: ports.tools, ...(tools.token ? { token: tools.token } : {}) },
    worldFile: config.worldFile,
    telemetry: config.telemetry,
  };
}

/** How long an outside system may take, and after how long a claim without a result is looked into. Milliseconds. */
const PATIENCE: Readonly<Record<Config['profile'], { outsideTimeoutMs: number; leaseMs: number }>> = {
  embedded: { outsideTimeoutMs: 2500, leaseMs: 3000 },
  production: { outsideTimeoutMs: 5000, leaseMs: 8000 },
};
