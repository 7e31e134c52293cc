import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type KeptConnection, keptConnection } from '../activities/tool-connection.ts';
import { exchange, type ToolRequest } from '../activities/tool-exchange.ts';
import { failedCall, isStaleConnection, toolFailed } from '../activities/tool-failures.ts';
import type { ToolSource } from '../activities/tool-transport.ts';
import { IDEMPOTENCY_KEY } from '../contracts/tool.ts';
import { type ForeignServer, ForeignTools } from '../tools/foreign/map.ts';
import type { ForeignCall, ForeignServers } from '../tools/foreign/offered.ts';

/**
 * The map of tools that servers of others keep.
 * @throws Error with every problem in it, by its path
 */
export function readForeignTools(file: string): ForeignTools {
  const parsed = ForeignTools.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`The map of foreign tools is broken.\n${z.prettifyError(parsed.error)}`);
}

const Result = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ type: z.string(), text: z.string().optional() })).default([]),
  structuredContent: z.unknown().optional(),
});

/** Keeps one connection to each, made on the first call. What they say of themselves beside an answer is not read. */
export function openForeignServers(servers: ForeignTools['servers']): ForeignServers {
  const connections = new Map(
    Object.entries(servers).map(([name, server]) => [name, keptConnection(sourceOf(server))] as const),
  );
  return {
    call: async (call) => {
      const connection = connections.get(call.server);
      if (!connection) throw toolFailed('ToolMissing', call.contract, { server: call.server });
      const result = Result.safeParse(await send(connection, call));
      if (!result.success) throw toolFailed('BadAnswer', call.contract, { field: '$', server: call.server });
      const { isError, content, structuredContent: data } = result.data;
      return { isError, data, texts: content.flatMap(({ text }) => (text === undefined ? [] : [text])) };
    },
    close: async () => {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}

/** A read may be asked again on a fresh connection; an effect only where nothing can have been sent. */
async function send(connection: KeptConnection, call: ForeignCall): Promise<unknown> {
  const { contract, signal } = call;
  let sent = false;
  const sending = (): void => {
    sent = true;
  };
  try {
    return await exchange(connection, contract, requestOf(call), { ...call, sending });
  } catch (error) {
    if (!sent) throw toolFailed('ToolUnavailable', contract, { server: call.server, effect: 'none' });
    if (contract.kind !== 'read' || !isStaleConnection(error) || signal.aborted) throw failedCall(contract, error);
  }
  try {
    return await exchange(connection, contract, requestOf(call), call);
  } catch (error) {
    throw failedCall(contract, error);
  }
}

const requestOf = ({ tool: name, arguments: args, key }: ForeignCall): ToolRequest => ({
  name,
  arguments: { ...args },
  ...(key ? { _meta: { [IDEMPOTENCY_KEY]: key } } : {}),
});

/** A child inherits nothing of ours. */
function sourceOf(server: ForeignServer): ToolSource {
  if ('command' in server) return server;
  const { url, tokenFile } = server;
  return { url, ...(tokenFile ? { token: readFileSync(tokenFile, 'utf8').trim() } : {}) };
}
