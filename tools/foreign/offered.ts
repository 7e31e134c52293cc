import { Failed, fail } from '../../contracts/failures.ts';
import type { Tool } from '../../contracts/tool.ts';
import { type ToolName, tools } from '../../contracts/tools/index.ts';
import type { Database } from '../database.ts';
import { gateOf } from '../gate.ts';
import { createLedger, type Values } from '../ledger.ts';
import { type Keeping, type Offered, offer, type ToolContext } from '../offer.ts';
import type { ToolSettings } from '../settings.ts';
import { rejected, unavailable } from '../trouble.ts';
import type { ForeignTool } from './map.ts';
import { type ForeignAnswer, ourAnswer, theirArguments } from './translate.ts';

export interface ForeignCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Values;
  /** What it is done for: its limits hold, and failures call it by its name. */
  readonly contract: Tool;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** The MCP servers of others that configuration names. */
export interface ForeignServers {
  /** @throws Failed ToolUnavailable, ToolRateLimited, ToolRejected, ToolMissing, BadAnswer or AnswerTooLarge */
  call(call: ForeignCall): Promise<ForeignAnswer & { readonly isError: boolean }>;
  close(): Promise<void>;
}

/** Our tools, with those of others in the places that the map says. The ledger and the contracts hold for these too. */
export function withForeignTools(
  ours: Readonly<Record<ToolName, Offered>>,
  database: Database,
  settings: Pick<ToolSettings, 'foreign' | 'outsideTimeoutMs' | 'leaseMs' | 'answerKeys'>,
  servers: ForeignServers,
  now: () => number = Date.now,
): Record<ToolName, Offered> {
  const parts = { ledger: createLedger(database, now), now, gate: gateOf(settings, now) };
  const theirs = Object.entries(settings.foreign?.tools ?? {}).map(([name, foreign]) => {
    // A map is written for any contract, so that here no contract is known more closely than as one.
    const contract: Tool = { ...tools[name as ToolName], guarded: tools[name as ToolName].guarded, outgoing: [] };
    return [name, offer(contract, keepingOf(contract, foreign, settings, servers), parts)] as const;
  });
  return { ...ours, ...Object.fromEntries(theirs) };
}

function keepingOf(
  contract: Tool,
  foreign: ForeignTool,
  { outsideTimeoutMs: timeoutMs, leaseMs }: Pick<ToolSettings, 'outsideTimeoutMs' | 'leaseMs'>,
  servers: ForeignServers,
): Keeping<Values, Values> {
  const { server, tool, repeatable } = foreign;
  const act = async (call: Values, { key, signal }: ToolContext): Promise<Values> => {
    const asked = { server, tool, arguments: theirArguments(foreign, call), contract, key, signal, timeoutMs };
    const answered = await servers.call(asked);
    if (answered.isError) throw refusal(contract, foreign, answered);
    return ourAnswer(contract.name, foreign, call, answered);
  };
  return contract.kind === 'read' ? { kind: 'read', read: act } : { kind: 'outside', leaseMs, repeatable, act };
}

/** A server that says it failed does not say that it did nothing, so an effect is then in doubt. */
function refusal(contract: Tool, { server, tool }: ForeignTool, { texts }: ForeignAnswer): Failed {
  const details = { system: contract.name, server, theirs: tool };
  if (texts.some((text) => /\b(tool\b.{0,100}\bnot found|unknown tool)\b/i.test(text)))
    return new Failed(fail('ToolMissing', 'The server of others has no such tool.', details));
  if (contract.kind === 'read') return rejected('the server of others refused the call', details);
  return unavailable(contract.name, { server, theirs: tool, reason: 'it failed, and may have done something' });
}
