import { type Client, Connection, isGrpcServiceError } from '@temporalio/client';
import { ourCommand } from '../client/cli/shell.ts';
import { Refused } from '../client/cli/words.ts';
import { createGovernor, type Governor } from '../client/index.ts';
import type { Config } from './config.ts';
import { clientOf } from './connect.ts';
import { findHouses, type RunningHouse } from './house-note.ts';
import { runningServer } from './server.ts';

/** Where cases are, and the folder of the house that keeps them, where that is one of ours. */
export type PlaceOfCases = Pick<RunningHouse, 'address' | 'uiUrl' | 'apiUrl'> & { readonly stateDir?: string };

/** The server that a command of the command line speaks to. */
export interface Server {
  readonly client: Client;
  readonly governor: Governor;
  readonly uiUrl?: string | undefined;
  readonly place: PlaceOfCases;
}

const CONNECT_PATIENCE_MS = 5000;

/**
 * Where cases are: at TEMPORAL_ADDRESS, in the house that runs on the state folder, in a demo's under it, or in a server
 * that runs on the folder by itself.
 */
export async function placeOfCases(config: Config): Promise<PlaceOfCases | undefined> {
  if (config.temporal.address) return { address: config.temporal.address };
  const [house] = await findHouses(config.stateDir);
  return house ?? runningServer(config.stateDir);
}

/**
 * Connects for as long as one command takes.
 * @throws Refused where nothing answers, with what to do
 */
export async function withServer<T>(config: Config, use: (server: Server) => Promise<T>): Promise<T> {
  const place = await placeOfCases(config);
  if (!place)
    throw new Refused(
      `Nothing runs on ${config.stateDir}. Start it with npm run dev, or set TEMPORAL_ADDRESS or GOVERNOR_STATE_DIR.`,
    );
  const options = { ...config.temporal.connectionOptions, address: place.address, connectTimeout: CONNECT_PATIENCE_MS };
  const connection = await Connection.connect(options).catch(() => {
    throw new Refused(`No Temporal server answers at ${place.address}. See: ${ourCommand('doctor')}`);
  });
  try {
    const client = clientOf(config, connection);
    return await use({ client, governor: createGovernor(client), uiUrl: place.uiUrl, place });
  } catch (error) {
    throw isGrpcServiceError(error) ? new Refused(whyServer(place.address, error)) : error;
  } finally {
    await connection.close();
  }
}

/** What a server says for itself may name others' cases; its code does not. */
const whyServer = (address: string, { code }: { readonly code: number }): string =>
  `The Temporal server at ${address} did not do it (gRPC code ${code}). See: ${ourCommand('doctor')}`;
