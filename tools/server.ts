import { McpServer, type McpServerFactory } from '@modelcontextprotocol/server';
import { FAILURES, type Failed } from '../contracts/failures.ts';
import {
  APPROVALS,
  CALL,
  ERROR,
  IDEMPOTENCY_KEY,
  OF_ANOTHER_RUN,
  REPLAYED,
  RUN,
  type Tool,
} from '../contracts/tool.ts';
import type { Answered } from './ledger.ts';
import type { Offered } from './offer.ts';
import { asFailed } from './trouble.ts';

const NAME = 'governor-tools';
const VERSION = '1.0.0';

/** Builds servers, one for each request or connection, which offer these tools and hold no state of their own. */
export const serverFactory =
  (offered: readonly Offered[]): McpServerFactory =>
  () => {
    const server = new McpServer({ name: NAME, version: VERSION });
    for (const one of offered) register(server, one);
    return server;
  };

function register(server: McpServer, offered: Offered): void {
  const { tool } = offered;
  const config = {
    title: tool.name,
    description: tool.purpose,
    inputSchema: unchecked(tool.input),
    outputSchema: tool.output,
    annotations: annotationsOf(tool),
  };
  server.registerTool(tool.name, config, async (args, context) => {
    const { _meta, signal } = context.mcpReq;
    const [key, run, approvals] = [_meta?.[IDEMPOTENCY_KEY], _meta?.[RUN], _meta?.[APPROVALS]];
    try {
      const traceparent = textOr(_meta?.['traceparent']);
      const meta = { key: textOr(key), run: textOr(run), approvals: textsIn(approvals), traceparent, signal };
      return answered(await offered.run(args, meta));
    } catch (error) {
      return failed(asFailed(error, tool.name));
    }
  });
}

/** The schema as clients see it. The tool itself checks, so that a refusal is one of our failures. */
const unchecked = (schema: Tool['input']) => ({
  '~standard': { ...schema['~standard'], validate: (value: unknown) => ({ value: value as Record<string, unknown> }) },
});

const annotationsOf = (tool: Tool) => ({
  readOnlyHint: tool.kind === 'read',
  idempotentHint: true,
  destructiveHint: false,
  openWorldHint: false,
});

const textOr = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

function answered({ answer, replayed, call, ofAnotherRun }: Answered) {
  return {
    content: [{ type: 'text' as const, text: JSON.stringify(answer) }],
    structuredContent: { ...answer },
    _meta: {
      [REPLAYED]: replayed,
      ...(call ? { [CALL]: call } : {}),
      ...(ofAnotherRun ? { [OF_ANOTHER_RUN]: true } : {}),
    },
  };
}

/** Our own words only: what a library or another system said may hold a secret. */
function failed({ failure, retryAfterMs }: Failed) {
  const { type, message, details } = failure;
  const retryable = FAILURES[type].retry === 'temporal';
  const error = { type, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }), details };
  return { isError: true, content: [{ type: 'text' as const, text: message }], _meta: { [ERROR]: error } };
}
