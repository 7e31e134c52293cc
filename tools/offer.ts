import type { z } from 'zod';
import { Failed, fail } from '../contracts/failures.ts';
import type { Tool } from '../contracts/tool.ts';
import { silentTracer, type Tracer } from '../telemetry/tracer.ts';
import type { Gate } from './gate.ts';
import type { Answered, Ledger, ReadBack, Store, Values } from './ledger.ts';
import { asFailed, badAnswer, rejected } from './trouble.ts';

/** What a tool's function knows besides its arguments. */
export interface ToolContext {
  /** The idempotency key; for a read without one, the empty string. */
  readonly key: string;
  /** The run that asks; the empty string where nobody says. */
  readonly run: string;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** How a tool keeps its contract: by a function, plain and typed, and by where its effect happens. */
export type Keeping<Call, Answer> =
  | { readonly kind: 'read'; readonly read: (call: Call, context: ToolContext) => Promise<Answer> }
  | { readonly kind: 'here'; readonly act: (call: Call, context: ToolContext, store: Store) => Promise<Answer> }
  | {
      readonly kind: 'outside';
      readonly leaseMs: number;
      readonly repeatable: boolean;
      readonly act: (call: Call, context: ToolContext) => Promise<Answer>;
      readonly readBack?: (call: Call, context: ToolContext) => Promise<ReadBack>;
    };

/** What comes with a call and is no argument. */
export interface CallMeta {
  readonly key?: string | undefined;
  readonly run?: string | undefined;
  /** Signed answers of people. */
  readonly approvals?: readonly string[];
  /** Of the span that calls. */
  readonly traceparent?: string | undefined;
  readonly signal: AbortSignal;
}

/** A tool that can be called: the contract, its function and the ledger in one. */
export interface Offered {
  readonly tool: Tool;
  /**
   * Checks the arguments, does it once for the key, checks the answer.
   * @throws Failed of the tool's, the effect's or the answer's types, and nothing else
   */
  run(raw: unknown, meta: CallMeta): Promise<Answered>;
}

/** What every tool is bound to. */
export interface OfferParts {
  readonly ledger: Ledger;
  readonly now: () => number;
  /** Without it, whoever reaches the tools is taken at their word. */
  readonly gate?: Gate | undefined;
  readonly tracer?: Tracer | undefined;
}

/** Workflow ids, which keys are made of, may have up to a thousand characters. */
const LONGEST_KEY = 1500;

/** An effect that has begun is finished and written down, also where its caller has stopped waiting for it. */
const untilItsOwnTimeout = (): AbortSignal => new AbortController().signal;

/** Binds a tool's function to its contract and to the ledger. */
export function offer<I extends z.ZodObject, O extends z.ZodObject>(
  tool: Tool<I, O>,
  keeping: Keeping<z.output<I>, z.output<O>>,
  parts: OfferParts,
): Offered {
  const plain: Tool = { ...tool, guarded: tool.guarded, outgoing: tool.outgoing ?? [] };
  const asCall = (call: Values): z.output<I> => tool.input.parse(call);
  // What a system of record does is a span of its own, apart from the ledger around it.
  const { tracer = silentTracer } = parts;
  const checked = async (ask: () => Promise<z.output<O>>): Promise<Values> =>
    checkAnswer(
      tool,
      await tracer.within(`adapter ${tool.name}`, { attributes: { 'governor.where': keeping.kind } }, ask),
    );

  const keep = async (call: Values, context: ToolContext): Promise<Answered> => {
    const asked = { tool: plain, key: context.key, run: context.run, call };
    if (keeping.kind === 'here')
      return parts.ledger.here(asked, (words, store) => checked(() => keeping.act(asCall(words), context, store)));
    if (keeping.kind === 'outside') {
      const { leaseMs, repeatable, readBack } = keeping;
      const look = readBack && { readBack: (words: Values) => readBack(asCall(words), context) };
      const act = (words: Values) => checked(() => keeping.act(asCall(words), context));
      return parts.ledger.outside(asked, { leaseMs, repeatable, act, ...look });
    }
    const read = (words: Values) => checked(() => keeping.read(asCall(words), context));
    return context.key ? parts.ledger.read(asked, read) : { answer: await read(call), replayed: false };
  };

  return {
    tool: plain,
    run: async (raw, { key = '', run = '', approvals = [], signal }) => {
      try {
        const call = checkCall(tool, raw);
        if (tool.kind === 'effect' && !key) throw rejected('an effect needs an idempotency key', { tool: tool.name });
        if (key.length > LONGEST_KEY) throw rejected('the idempotency key is too long', { tool: tool.name });
        await parts.gate?.(tool, tool.needs?.(asCall(call)), approvals);
        return await keep(call, {
          key,
          run,
          signal: tool.kind === 'read' ? signal : untilItsOwnTimeout(),
          now: parts.now,
        });
      } catch (error) {
        throw asFailed(error, tool.name);
      }
    },
  };
}

function checkCall(tool: Pick<Tool, 'name' | 'input'>, raw: unknown): Values {
  const parsed = tool.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => [...issue.path, ...unknownKeys(issue)].join('.') || '$');
  throw rejected('the arguments are not what the contract asks for', { tool: tool.name, fields: fields.slice(0, 10) });
}

const unknownKeys = (issue: z.core.$ZodIssue): string[] =>
  issue.code === 'unrecognized_keys' ? [`{${issue.keys.length} unknown}`] : [];

function checkAnswer(tool: Pick<Tool, 'name' | 'output' | 'maxAnswerBytes'>, answer: unknown): Values {
  const parsed = tool.output.safeParse(answer);
  if (!parsed.success) throw badAnswer(tool.name, parsed.error.issues[0]?.path.join('.') || '$');
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (bytes <= tool.maxAnswerBytes) return parsed.data;
  throw new Failed(fail('AnswerTooLarge', 'An answer is larger than its contract allows.', { tool: tool.name, bytes }));
}

/** The same tools, counted, so that a process which stops can let the calls that run finish. */
export function countingCalls(offered: readonly Offered[]): { offered: Offered[]; idle: () => Promise<void> } {
  const running = new Set<Promise<unknown>>();
  const counted = offered.map((one): Offered => {
    const run: Offered['run'] = (raw, meta) => {
      const call = one.run(raw, meta);
      running.add(call);
      call.catch(() => undefined).finally(() => running.delete(call));
      return call;
    };
    return { tool: one.tool, run };
  });
  return { offered: counted, idle: async () => void (await Promise.allSettled(running)) };
}
