import type { WorkflowInfo } from '@temporalio/workflow';
import type { Signal } from '../contracts/signals.ts';
import { emissionsOf } from '../telemetry/emissions.ts';
import type { Telemetry } from './telemetry.ts';

/** Turns what cases tell into metrics. */
export const hear =
  ({ meter }: Telemetry) =>
  (signal: Signal, _info: WorkflowInfo): void =>
    meter.tellAll(emissionsOf(signal));
