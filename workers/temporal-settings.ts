import { loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';

export interface TemporalSettings {
  /** Where a server runs that is not ours; without it, one is found and started. */
  readonly address?: string | undefined;
  readonly namespace: string;
  /** TLS, API key and headers, as the CLI's profile has them. */
  readonly connectionOptions: NativeConnectionOptions;
}

/** What the Temporal CLI would use with this environment: its profile file and `TEMPORAL_*`, or the problem with them. */
export function temporalSettings(env: Record<string, string>): TemporalSettings | { readonly problem: string } {
  try {
    const profile = loadClientConfigProfile({ overrideEnvVars: env });
    const { connectionOptions, namespace = 'default' } = toClientOptions(profile);
    return { address: profile.address || undefined, namespace, connectionOptions };
  } catch (error) {
    return { problem: `TEMPORAL_*: the profile of the Temporal CLI cannot be used: ${whyNot(error)}` };
  }
}

/** The reader's first line only: those below it quote the file, which holds keys. */
function whyNot(error: unknown): string {
  if (error instanceof TypeError) return 'its file has no such profile';
  return (error instanceof Error && error.message.split('\n')[0]) || 'it cannot be read';
}
