import { Failed, type FailureType } from '../contracts/failures.ts';
import type { ToolName } from '../contracts/tools/index.ts';
import type { Meter } from '../telemetry/meter.ts';
import type { Offered } from './offer.ts';

const SECOND_MS = 1000;

/** Counts every call that reaches the tools, and how long it took inside. */
export const metered = (offered: readonly Offered[], meter: Meter): Offered[] =>
  offered.map(({ tool, run }) => ({
    tool,
    run: async (raw, meta) => {
      const began = performance.now();
      const ended = (result: 'done' | 'replayed' | FailureType): void => {
        const labels = { tool: tool.name as ToolName };
        meter.tell('governor_tool_seconds', labels, (performance.now() - began) / SECOND_MS);
        meter.tell('governor_tool_calls_total', { ...labels, result });
      };
      try {
        const answered = await run(raw, meta);
        ended(answered.replayed ? 'replayed' : 'done');
        return answered;
      } catch (error) {
        ended(error instanceof Failed ? error.failure.type : 'InternalError');
        throw error;
      }
    },
  }));
