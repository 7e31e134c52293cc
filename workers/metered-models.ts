import { BREAKER_STATES } from '../contracts/decision-points.ts';
import { createModels, type ModelSettings, type ModelsWithHealth } from '../models/index.ts';
import type { Telemetry } from './telemetry.ts';

/** The models, with the states of their breakers where they can be seen. */
export function meteredModels(
  settings: ModelSettings,
  { meter, open }: Pick<Telemetry, 'meter' | 'open'>,
): ModelsWithHealth {
  const models = createModels({
    ...settings,
    breakerChanged: (model, to) => meter.tell('governor_breaker_changes_total', { model, to }),
  });
  open?.beforeReading(() => {
    for (const { model, state: is } of models.health())
      for (const state of BREAKER_STATES) meter.tell('governor_breaker_state', { model, state }, is === state ? 1 : 0);
  });
  return models;
}
