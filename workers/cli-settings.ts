import { z } from 'zod';
import { isSafeUrl } from './access-settings.ts';

/** What the command line answers requests with where it speaks to an API; .env.example tells what they mean. */
export const cliVariables = {
  GOVERNOR_API_URL: z.string().refine(isSafeUrl, 'has to start with https:// unless it is on this machine').optional(),
  GOVERNOR_API_KEY: z.string().min(16, 'is not a key of an API').optional(),
};

/** Whose name the command line speaks in, and to which API. */
export interface CliSettings {
  /** Without a slash at its end. */
  readonly apiUrl?: string | undefined;
  readonly apiKey?: string | undefined;
}

export const cliSettingsOf = (env: { [name in keyof typeof cliVariables]?: string | undefined }): CliSettings => ({
  apiUrl: env.GOVERNOR_API_URL?.replace(/\/+$/, ''),
  apiKey: env.GOVERNOR_API_KEY,
});

/** A key without an API to give it to is a mistake, and so is an API without one. */
export function* cliProblems(
  given: { readonly [name in keyof typeof cliVariables]?: string | undefined },
): Generator<string> {
  if (given.GOVERNOR_API_URL && !given.GOVERNOR_API_KEY)
    yield 'GOVERNOR_API_KEY: has to be set with GOVERNOR_API_URL: the API has to know who asks';
}
