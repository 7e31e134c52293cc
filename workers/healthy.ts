// Ends with 0 where this machine answers well, and with 1 where it does not: what containers ask of themselves.
//   node workers/healthy.ts 7320/health     a page that has to be there
//   node workers/healthy.ts 7330            a port that has to be open
import { connect } from 'node:net';

const PATIENCE_MS = 3000;

const [port = '', ...path] = (process.argv[2] ?? '').split('/');

const isPageThere = async (): Promise<boolean> => {
  const address = `http://127.0.0.1:${port}/${path.join('/')}`;
  return (await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
};

const isPortOpen = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', timeout: PATIENCE_MS });
    socket.once('connect', () => resolve(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => resolve(false));
  });

const well = await (path.length > 0 ? isPageThere() : isPortOpen()).catch(() => false);
process.exit(well ? 0 : 1);
