import { resolve } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { createCodec } from './codec.ts';
import { openKeyring } from './keyring.ts';

/** Failures with their messages and stacks inside a payload; bundled into workflows, and loaded by everybody else. */
export const FAILURE_CONVERTER = resolve(import.meta.dirname, '..', '..', 'workflows', 'locked-failures.ts');

/** What says whether payloads are locked. */
export interface PayloadSettings {
  /** Absolute path of the key file; without it nothing is locked. */
  readonly keysFile?: string | undefined;
}

/**
 * How this installation writes and reads payloads: for every worker, client and replay alike. Nothing where no keys are
 * set up.
 * @throws Error where the key file cannot be used
 */
export function dataConverterOf({ payloads }: { readonly payloads: PayloadSettings }): DataConverter | undefined {
  if (!payloads.keysFile) return undefined;
  return { payloadCodecs: [createCodec(openKeyring(payloads.keysFile))], failureConverterPath: FAILURE_CONVERTER };
}
