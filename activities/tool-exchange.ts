import { SdkError, SdkErrorCode } from '@modelcontextprotocol/client';
import { Failed } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import { withinAnswerLimit } from './answer-limit.ts';
import { type KeptConnection, tooSilent } from './tool-connection.ts';

export interface ToolRequest {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
  readonly _meta?: Record<string, unknown>;
}

/** How long to wait, and a word when the request leaves. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly sending?: () => void;
}

/** One call, whose answer may have as many bytes as the contract says. A connection that is no good any more is let go. */
export function exchange(
  connection: KeptConnection,
  tool: Tool,
  request: ToolRequest,
  { signal, timeoutMs, sending }: Patience,
): Promise<unknown> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  return connection.use(patience, async (held) => {
    sending?.();
    try {
      const result = await withinAnswerLimit(tool, patience, (limited) =>
        held.client.callTool(request, { signal: limited, timeout: timeoutMs }),
      );
      held.silences = 0;
      return result;
    } catch (error) {
      if (isUnusable(error) || (isSilence(error) && tooSilent(held))) connection.retire(held);
      throw error;
    }
  });
}

const isSilence = (error: unknown): boolean => error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout;

/** Whatever is not an answer in the protocol's own words says that we should shake hands again. */
const isUnusable = (error: unknown): boolean => !(error instanceof Failed) && !isSilence(error);
