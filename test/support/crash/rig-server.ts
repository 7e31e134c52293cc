import { inject } from 'vitest';
import type { ServerChoice } from '../../../workers/server.ts';

/** A server of a test's own, so that its task queue is nobody else's; the one that was given where none can be started. */
export function rigServer(): { server: ServerChoice } {
  const path = inject('temporalProgram');
  return { server: path ? { kind: 'program', path } : { kind: 'running', address: inject('temporalAddress') } };
}
