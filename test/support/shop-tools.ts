import type { ToolSettings } from '../../tools/settings.ts';
import type { TestStore } from './databases.ts';

/** Settings under which the order desk's tools run; none of them speaks to the outside. */
export const settingsFor = ({ stateDir, databaseUrl }: TestStore): ToolSettings => ({
  stateDir,
  ...(databaseUrl ? { databaseUrl } : {}),
  identityRegistryUrl: 'http://127.0.0.1:9',
  smtpUrl: 'smtp://127.0.0.1:9',
  mailFrom: 'welcome@governor.example',
  webhookUrl: 'http://127.0.0.1:9',
  webhookSecret: 'whsec_none',
  outsideTimeoutMs: 1000,
  leaseMs: 1500,
});
