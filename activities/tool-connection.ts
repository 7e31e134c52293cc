import { Client } from '@modelcontextprotocol/client';
import { type ToolSource, transportTo } from './tool-transport.ts';

const CLIENT = { name: 'governor', version: '1.0.0' };
/** A child has to start first. */
const CONNECT_TIMEOUT_MS = 10_000;
/** So many calls in a row without an answer, and the other side is taken for dead. */
const MOST_SILENCES = 3;

/** One connection, used by many calls, which closes once it is retired and nobody uses it. */
export interface ToolConnection {
  readonly client: Client;
  silences: number;
}

export interface KeptConnection {
  /** Runs on the connection there is, or on a fresh one. */
  use<R>(signal: AbortSignal, run: (connection: ToolConnection) => Promise<R>): Promise<R>;
  /** Lets the next call make a fresh one, where `connection` is the one in use. */
  retire(connection?: ToolConnection): void;
  close(): Promise<void>;
}

interface Held extends ToolConnection {
  users: number;
  retired: boolean;
}

/** Keeps the one connection of a process. The protocol's version is found out anew on each fresh one. */
export function keptConnection(source: ToolSource): KeptConnection {
  let current: Promise<Held> | undefined;
  let known: Held | undefined;
  const closing = new Set<Promise<void>>();
  const ending = new AbortController();

  const closeIfIdle = (held: Held) => {
    if (!held.retired || held.users > 0) return;
    const closed = held.client.close().catch(() => undefined);
    closing.add(closed);
    void closed.finally(() => closing.delete(closed));
  };
  const connect = async (): Promise<Held> => {
    const client = new Client(CLIENT, { versionNegotiation: { mode: 'auto' } });
    const held: Held = { client, silences: 0, users: 0, retired: false };
    client.onclose = () => retire(held);
    const transport = transportTo(source);
    const giveUp = () => void transport.close();
    ending.signal.addEventListener('abort', giveUp, { once: true });
    try {
      const opening = client.connect(transport, { timeout: CONNECT_TIMEOUT_MS });
      await unlessAborted(ending.signal, opening);
    } catch (error) {
      await transport.close();
      throw error;
    } finally {
      ending.signal.removeEventListener('abort', giveUp);
    }
    return held;
  };
  const open = (): Promise<Held> => {
    if (current) return current;
    const opening = connect();
    current = opening;
    opening.then(
      (held) => (known = held),
      () => {
        if (current === opening) current = undefined;
      },
    );
    return opening;
  };
  const retire = (connection: ToolConnection | undefined = known) => {
    if (!known || connection !== known) return;
    const held = known;
    known = undefined;
    current = undefined;
    held.retired = true;
    closeIfIdle(held);
  };

  return {
    retire,
    use: async (signal, run) => {
      const held = await unlessAborted(signal, open());
      held.users += 1;
      try {
        return await run(held);
      } finally {
        held.users -= 1;
        closeIfIdle(held);
      }
    },
    close: async () => {
      ending.abort();
      await current?.catch(() => undefined);
      retire();
      await Promise.all(closing);
    },
  };
}

/** Whether this silence was one too many. */
export function tooSilent(connection: ToolConnection): boolean {
  connection.silences += 1;
  return connection.silences >= MOST_SILENCES;
}

/** Opening goes on for the others when one of its waiters gives up. */
function unlessAborted<T>(signal: AbortSignal, opening: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error('Not connected in time'));
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    opening.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
