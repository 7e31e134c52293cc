import type { Logger } from 'pino';
import type { AnswerVerifier } from '../keys/answers.ts';
import type { Models } from '../models/model.ts';
import type { PromptStore } from '../prompts/store.ts';
import type { Meter } from '../telemetry/meter.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { ToolClient } from './tool-client.ts';

/** What the worker gives to the agents' activities. */
export interface AgentDeps {
  readonly models: Models;
  readonly tools: ToolClient;
  readonly prompts: Pick<PromptStore, 'prompt' | 'directory'>;
  /** Checks people's signatures; without it they are believed as they come. */
  readonly answers?: AnswerVerifier | undefined;
  /** Time between two heartbeats, milliseconds. */
  readonly beatMs: number;
  readonly log: Logger;
  /** Counts what is decided here; without it nothing is counted. */
  readonly meter?: Meter | undefined;
  readonly tracer?: Tracer | undefined;
}
