import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * The wanted port if it is free, else another, which is told. `taken` are ports that are promised to others and not yet
 * bound. 0 asks for any.
 */
export async function freePort(
  what: string,
  wanted: number,
  log: (words: string) => void,
  taken: readonly number[] = [],
): Promise<number> {
  const isFree =
    wanted !== 0 && !taken.includes(wanted) && !(await isListening(wanted, HOST)) && (await bind(wanted)) !== undefined;
  if (isFree) return wanted;
  const port = await bind(0);
  if (port === undefined) throw new Error(`No port is free for ${what}.`);
  if (taken.includes(port)) return freePort(what, wanted, log, taken);
  if (wanted !== 0) log(`Port ${wanted} is taken, so ${what} listens on ${port}.`);
  return port;
}

/** Whether something takes connections there. */
export function isListening(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: HOST, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
