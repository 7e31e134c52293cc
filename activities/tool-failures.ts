import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { Failed, type FailureType, fail, isFailureType } from '../contracts/failures.ts';
import { ERROR, type Tool } from '../contracts/tool.ts';

/** What a server may say of itself. StaleData and its like are judged on our side, and nothing else is its business. */
const SPEAKABLE: Readonly<Partial<Record<FailureType, string>>> = {
  ToolUnavailable: 'cannot be reached',
  ToolRateLimited: 'asks us to wait',
  ToolRejected: 'refused the call',
  ToolMissing: 'is not offered by the server',
  BadAnswer: 'answered with something that its contract does not promise',
  ErrorInAnswer: 'answered with an error inside a success',
  AnswerTooLarge: 'answered with more bytes than its contract allows',
  EffectInFlight: 'is still at work on an earlier call with this key',
  EffectUnknown: 'cannot say whether its effect happened',
  ApprovalMissing: 'was asked for more than it does without a signed yes',
  KeyReused: 'was called with other guarded arguments under the same key',
  InternalError: 'failed in a way that nobody foresaw',
};

const LONGEST_WAIT_MS = 3_600_000;
const Scalar = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);
const Detail = z.union([Scalar, z.array(Scalar).max(10)]);
const SaidError = z.object({
  type: z.string().max(60),
  retryAfterMs: z.number().min(0).max(LONGEST_WAIT_MS).optional().catch(undefined),
  details: z.record(z.string().max(60), z.unknown()).optional().catch(undefined),
});

/** A tool's failure in our own words: a server's text could hold what nobody should read. */
export function toolFailed(
  type: FailureType,
  tool: Tool,
  details: Record<string, unknown> = {},
  retryAfterMs?: number,
): Failed {
  const message = `${tool.name} ${SPEAKABLE[type] ?? 'failed'}.`;
  return new Failed(fail(type, message, { ...details, tool: tool.name }), { retryAfterMs });
}

/** What a result with `isError` means. Types that a server has no say in count as a refusal. */
export function saidFailure(
  tool: Tool,
  result: { _meta?: Record<string, unknown> | undefined; content?: unknown },
): Failed {
  const said = SaidError.safeParse(result._meta?.[ERROR]);
  if (!said.success) {
    const missing = /\b(not found|unknown tool)\b/i.test(JSON.stringify(result.content ?? '').slice(0, 500));
    return toolFailed(missing ? 'ToolMissing' : 'ToolRejected', tool);
  }
  const { type, retryAfterMs, details } = said.data;
  const known = isFailureType(type) && SPEAKABLE[type] !== undefined ? type : 'ToolRejected';
  return toolFailed(known, tool, plainDetails(details ?? {}), retryAfterMs);
}

/** Ten short facts at most. */
function plainDetails(details: Record<string, unknown>): Record<string, unknown> {
  const plain = Object.entries(details).flatMap(([name, value]) => {
    const parsed = Detail.safeParse(value);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(plain.slice(0, 10));
}

/** The other side was replaced, or forgot us: worth one more try on a fresh connection. */
export function isStaleConnection(error: unknown): boolean {
  if (error instanceof SdkHttpError) return [400, 404, 405, 406, 409, 410, 415].includes(error.status);
  if (error instanceof ProtocolError)
    return [-32_000, -32_001, -32_020, -32_021, -32_022, -32_600].includes(error.code);
  if (error instanceof SdkError) return STALE_CODES.includes(error.code);
  return error instanceof Error && error.message === 'Not connected';
}

const STALE_CODES: readonly string[] = [
  SdkErrorCode.NotConnected,
  SdkErrorCode.ConnectionClosed,
  SdkErrorCode.SendFailed,
  SdkErrorCode.MethodNotSupportedByProtocolVersion,
  SdkErrorCode.ClientHttpFailedToOpenStream,
];

/** What an error of the SDK, of fetch or of a child means. */
export function failedCall(tool: Tool, error: unknown): Failed {
  if (error instanceof Failed) return error;
  if (error instanceof SdkHttpError) return byStatus(tool, error.status);
  if (error instanceof ProtocolError) return byProtocol(tool, error);
  if (error instanceof SyntaxError || error instanceof z.core.$ZodError)
    return toolFailed('BadAnswer', tool, { field: '$' });
  if (error instanceof SdkError && BROKEN_CODES.includes(error.code))
    return toolFailed('BadAnswer', tool, { field: '$' });
  return toolFailed('ToolUnavailable', tool, error instanceof SdkError ? { code: error.code } : {});
}

const BROKEN_CODES: readonly string[] = [
  SdkErrorCode.InvalidResult,
  SdkErrorCode.UnsupportedResultType,
  SdkErrorCode.ClientHttpUnexpectedContent,
];

function byStatus(tool: Tool, status: number): Failed {
  if (status === 429) return toolFailed('ToolRateLimited', tool, { status });
  if (status === 401 || status === 403 || status === 413) return toolFailed('ToolRejected', tool, { status });
  return toolFailed('ToolUnavailable', tool, { status });
}

function byProtocol(tool: Tool, { code, message }: ProtocolError): Failed {
  if (code === -32_601 || /\b(not found|unknown tool)\b/i.test(message))
    return toolFailed('ToolMissing', tool, { code });
  if (code === -32_602) return toolFailed('ToolRejected', tool, { code });
  return toolFailed('ToolUnavailable', tool, { code });
}
