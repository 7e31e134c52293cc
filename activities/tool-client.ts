import { z } from 'zod';
import { digestOf } from '../contracts/digest.ts';
import { APPROVALS, CALL, IDEMPOTENCY_KEY, OF_ANOTHER_RUN, REPLAYED, RUN, type Tool } from '../contracts/tool.ts';
import { type KeptConnection, keptConnection } from './tool-connection.ts';
import { exchange } from './tool-exchange.ts';
import { failedCall, isStaleConnection, saidFailure, toolFailed } from './tool-failures.ts';
import type { ToolSource } from './tool-transport.ts';

export type { ToolSource } from './tool-transport.ts';

export interface CallOptions {
  /** Names the effect, or the read within its run: the same key gives the same answer. */
  readonly key: string;
  /** The run that asks, so that it hears when an effect is another's. */
  readonly run?: string | undefined;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly traceparent?: string | undefined;
  /** The signed answers that the call rests on. */
  readonly approvals?: readonly string[] | undefined;
}

export interface ToolAnswer<T extends Tool> {
  readonly answer: z.output<T['output']>;
  /** An earlier call with this key did it. */
  readonly replayed: boolean;
  /** Set where it was another run that did it. */
  readonly ofAnotherRun?: true;
  /** The call as it was really made, where that was in other words than these. */
  readonly call?: Readonly<Record<string, unknown>>;
}

type Args = Readonly<Record<string, unknown>>;

/** Calls tools over MCP. One for a worker, shared by everything that runs in it. */
export interface ToolClient {
  /**
   * @throws Failed ToolUnavailable, ToolRateLimited, ToolRejected, ToolMissing, BadAnswer, ErrorInAnswer,
   *   AnswerTooLarge, EffectInFlight, EffectUnknown, KeyReused, ApprovalMissing or InternalError
   */
  call<T extends Tool>(tool: T, args: Args, options: CallOptions): Promise<ToolAnswer<T>>;
  close(): Promise<void>;
}

/** Connects on the first call, and again whenever the other side was replaced, by whatever version of the protocol. */
export function createToolClient(source: ToolSource): ToolClient {
  const connection = keptConnection(source);
  return {
    close: () => connection.close(),
    call: async (tool, args, options) => {
      try {
        return checked(tool, args, await send(connection, tool, args, options));
      } catch (error) {
        if (!isStaleConnection(error) || options.signal.aborted) throw failedCall(tool, error);
      }
      // Safe to send again: the key sees to it that nothing happens twice.
      try {
        return checked(tool, args, await send(connection, tool, args, options));
      } catch (error) {
        throw failedCall(tool, error);
      }
    },
  };
}

function send(connection: KeptConnection, tool: Tool, args: Args, options: CallOptions): Promise<unknown> {
  const { key, run, signal, timeoutMs, traceparent, approvals = [] } = options;
  const _meta = {
    [IDEMPOTENCY_KEY]: key,
    ...(run ? { [RUN]: run } : {}),
    ...(traceparent ? { traceparent } : {}),
    ...(approvals.length > 0 ? { [APPROVALS]: [...approvals] } : {}),
  };
  const request = { name: tool.name, arguments: { ...args }, _meta };
  return exchange(connection, tool, request, { signal, timeoutMs });
}

const Result = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ type: z.string() })).optional(),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  _meta: z.record(z.string(), z.unknown()).optional(),
});

function checked<T extends Tool>(tool: T, args: Args, raw: unknown): ToolAnswer<T> {
  const result = Result.safeParse(raw);
  if (!result.success) throw toolFailed('BadAnswer', tool, { field: '$' });
  const { isError, content, structuredContent, _meta } = result.data;
  if (isError) throw saidFailure(tool, { content, _meta });
  const said = structuredContent ?? jsonIn(content?.[0]);
  const answer = tool.output.safeParse(said);
  if (!answer.success && saysError(said)) throw toolFailed('ErrorInAnswer', tool);
  if (!answer.success) throw toolFailed('BadAnswer', tool, { field: answer.error.issues[0]?.path.join('.') || '$' });
  const bytes = Buffer.byteLength(JSON.stringify(answer.data));
  if (bytes > tool.maxAnswerBytes)
    throw toolFailed('AnswerTooLarge', tool, { bytes, maxAnswerBytes: tool.maxAnswerBytes });
  const call = inOtherWords(tool, args, _meta?.[CALL]);
  return {
    answer: answer.data as z.output<T['output']>,
    replayed: _meta?.[REPLAYED] === true,
    ...(call ? { call } : {}),
    ...(_meta?.[OF_ANOTHER_RUN] === true ? { ofAnotherRun: true as const } : {}),
  };
}

/** Some say that they failed in the words of a success. */
const saysError = (said: unknown): boolean =>
  typeof said === 'object' && said !== null && 'error' in said && Boolean(said.error);

/** The call that was really made, unless it was this one. */
function inOtherWords(tool: Tool, args: Args, made: unknown): Args | undefined {
  const call = tool.input.safeParse(made);
  return call.success && digestOf(call.data) !== digestOf(args) ? call.data : undefined;
}

/** Old servers answer in text alone. */
function jsonIn(part: Record<string, unknown> | undefined): unknown {
  try {
    return typeof part?.['text'] === 'string' ? JSON.parse(part['text']) : undefined;
  } catch {
    return undefined;
  }
}
