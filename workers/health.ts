import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HealthServing {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET /health` on this machine with 200 while a process is well and 503 while it is not: for whoever starts it
 * anew, and decides where work goes.
 * @param port 0 for any free one
 * @throws Error where the port cannot be bound
 */
export async function serveHealth(port: number, isWell: () => boolean): Promise<HealthServing> {
  const server = createServer((request, response) => {
    if (request.url !== '/health') return void response.writeHead(404).end();
    const well = isWell();
    response.writeHead(well ? 200 : 503, { 'content-type': 'text/plain' }).end(well ? 'well' : 'not well');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
