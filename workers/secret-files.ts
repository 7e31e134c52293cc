import { readFileSync } from 'node:fs';

/** Settings that are secrets, or hold one. Each can be given as a file, by the name with `_FILE` behind it. */
export const SECRETS = [
  'TOOLS_TOKEN',
  'WEBHOOK_SECRET',
  'DATABASE_URL',
  'SMTP_URL',
  'ANTHROPIC_API_KEY',
  'OPENAI_API_KEY',
  'HUBSPOT_TOKEN',
  'SALESFORCE_CLIENT_SECRET',
  'GOVERNOR_API_KEY',
  'TEMPORAL_API_KEY',
] as const;

const fileSetting = (secret: string): string => `${secret}_FILE`;

/** `TOOLS_TOKEN_FILE` and so on. */
export const SECRET_FILES: readonly string[] = SECRETS.map(fileSetting);

type Given = Readonly<Record<string, string>>;

/**
 * The settings with what the named files say in the place of their names. An empty file counts as a setting that is not
 * set, so that one can be mounted for a secret which nobody has. No content of a file is in a problem.
 */
export function withSecretFiles(given: Given): { given: Record<string, string>; problems: string[] } {
  const whole: Record<string, string> = { ...given };
  const problems: string[] = [];
  for (const secret of SECRETS) {
    const setting = fileSetting(secret);
    const file = given[setting];
    if (file === undefined) continue;
    delete whole[setting];
    if (given[secret] !== undefined) {
      problems.push(`${setting}: means nothing beside ${secret}; only one of them may be set`);
      continue;
    }
    try {
      const value = readFileSync(file, 'utf8').trim();
      if (value) whole[secret] = value;
    } catch {
      problems.push(`${setting}: cannot be read`);
    }
  }
  return { given: whole, problems };
}

/** What these settings need beside them for a process that inherits ours, so that no file of ours speaks against them. */
export const withoutTheirFiles = (settings: Given): Record<string, string> =>
  Object.fromEntries(SECRETS.filter((secret) => secret in settings).map((secret) => [fileSetting(secret), '']));
