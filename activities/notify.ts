import type { Role } from '../contracts/policy.ts';
import { CHANNELS, postNotification } from '../contracts/tools/notifications.ts';
import type { ToolClient } from './tool-client.ts';

const TIMEOUT_MS = 5000;

/** What a person is told: which case, what is asked of whom. Ids, roles and enums only. */
export interface Notice {
  /** Unique for the request and the occasion, so that a retry tells nobody twice. */
  readonly key: string;
  readonly caseId: string;
  readonly role: Role;
  readonly message: string;
}

/** Tells a role that something waits for it, in a fixed template: no model has a part in this. */
export const createNotify =
  (tools: ToolClient) =>
  async ({ key, caseId, role, message }: Notice): Promise<void> => {
    const channel = CHANNELS.find((name) => name === role) ?? 'operations';
    const call = { subjectId: caseId, allowedChannels: [channel], channel, message };
    await tools.call(postNotification, call, { key, signal: AbortSignal.timeout(TIMEOUT_MS), timeoutMs: TIMEOUT_MS });
  };
