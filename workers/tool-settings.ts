import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolSettings } from '../tools/settings.ts';
import { TelemetrySettings } from './telemetry-settings.ts';

/** All that a tools process needs. */
export const ToolProcessSettings = z.strictObject({
  tools: ToolSettings,
  http: z.strictObject({ host: z.string(), port: z.int().min(0).max(65_535), token: z.string().min(1).optional() }),
  /** Fills an empty CRM. */
  worldFile: z.string().min(1).optional(),
  telemetry: TelemetrySettings.optional(),
});
export type ToolProcessSettings = z.output<typeof ToolProcessSettings>;

/**
 * Writes the settings where a child can read them, for the owner's eyes only, and tells the command that starts it.
 * A command line or an environment could be read by others.
 */
export function toolsCommand(
  settings: ToolProcessSettings,
  name = 'tools-settings',
): { command: string; args: string[] } {
  const file = join(settings.tools.stateDir, `${name}.json`);
  mkdirSync(settings.tools.stateDir, { recursive: true });
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, JSON.stringify(settings), { mode: 0o600 });
  renameSync(fresh, file);
  const entry = join(import.meta.dirname, 'tools.ts');
  return { command: process.execPath, args: [entry, '--stdio', '--settings', file] };
}

/** The settings that `toolsCommand` wrote. */
export const readToolSettings = (file: string): ToolProcessSettings =>
  ToolProcessSettings.parse(JSON.parse(readFileSync(file, 'utf8')));

/** A webhook secret for the embedded receiver, made once and kept in `stateDir`. */
export function embeddedWebhookSecret(stateDir: string): string {
  const file = join(stateDir, 'webhook-secret');
  mkdirSync(stateDir, { recursive: true });
  try {
    writeFileSync(file, `whsec_${randomBytes(24).toString('base64')}`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8');
}
