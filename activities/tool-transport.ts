import { type ChildProcess, spawn } from 'node:child_process';
import {
  deserializeMessage,
  type JSONRPCMessage,
  StreamableHTTPClientTransport,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { answerLimit, limitedFetch } from './answer-limit.ts';
import { LineReader } from './line-reader.ts';

/** Where the tools are: behind a URL, or in a child of ours that speaks over its stdin and stdout. */
export type ToolSource =
  | { readonly url: string; readonly token?: string | undefined }
  | { readonly command: string; readonly args: readonly string[] };

/** A way to the tools that reads no more of an answer than the call in question allows. */
export function transportTo(source: ToolSource): Transport {
  if ('command' in source) return new ChildTransport(source.command, source.args);
  const headers = source.token === undefined ? {} : { authorization: `Bearer ${source.token}` };
  return new StreamableHTTPClientTransport(new URL(source.url), { fetch: limitedFetch, requestInit: { headers } });
}

/** How long a child that was told to stop may take, milliseconds. */
const GRACE_MS = 5000;

/**
 * The SDK's own stdio transport passes six variables of our environment on, starts a second child to find out the
 * protocol's version, and parses whatever comes. This one does none of that.
 */
export class ChildTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  /** The SDK knows by these two that silence to its first question means an old server. */
  readonly stderr = null;
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #limits = new Map<string | number, ReturnType<typeof answerLimit>>();
  #child: ChildProcess | undefined;

  constructor(command: string, args: readonly string[]) {
    this.#command = command;
    this.#args = args;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): Promise<void> {
    const child = spawn(this.#command, this.#args, { env: {}, stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    const reader = new LineReader((id) => this.#limits.get(id)?.maxBytes ?? answerLimit().maxBytes);
    child.stdout?.on('data', (chunk: Buffer) => {
      for (const line of reader.read(chunk)) this.#receive(line);
    });
    child.stdin?.on('error', (error) => this.onerror?.(error));
    child.once('close', () => {
      this.#child = undefined;
      this.onclose?.();
    });
    return new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin;
    if (!input?.writable) throw new Error('Not connected');
    if ('method' in message && 'id' in message) this.#limits.set(message.id, answerLimit());
    if (!input.write(serializeMessage(message)))
      await new Promise((resolve) => input.once('drain', resolve).once('close', resolve));
  }

  /** Lets the child finish what it does: it ends by itself when its input ends. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin?.end();
    const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await closed;
    clearTimeout(impatience);
  }

  #receive(line: ReturnType<LineReader['read']>[number]): void {
    if (line.kind === 'too-long') {
      const limit = line.id === undefined ? undefined : this.#limits.get(line.id);
      if (limit) limit.exceeded();
      else this.#child?.kill('SIGKILL');
      return;
    }
    try {
      const message = deserializeMessage(line.text);
      if ('id' in message && message.id !== undefined) this.#limits.delete(message.id);
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error('A line that is no message.'));
    }
  }
}
