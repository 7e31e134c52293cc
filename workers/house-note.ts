import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { runningHouses } from './house-lock.ts';

const HouseNote = z.object({
  /** Where its Temporal server listens. */
  address: z.string(),
  uiUrl: z.string().optional(),
  toolsUrl: z.string().optional(),
  /** Where its HTTP API listens. */
  apiUrl: z.string().optional(),
});
/** What a house that runs tells about itself to the command line; no secret is in it. */
export type HouseNote = z.output<typeof HouseNote>;

/** A house that runs, with the folder that it keeps everything in. */
export interface RunningHouse extends HouseNote {
  readonly stateDir: string;
}

/** Writes the note, and takes it away when the house stops. */
export function leaveNote(stateDir: string, note: HouseNote): { stop(): void } {
  writeFileSync(fileIn(stateDir), JSON.stringify(note));
  return { stop: () => rmSync(fileIn(stateDir), { force: true }) };
}

/**
 * The houses that run on this state folder or right under it, where the demo's are; the folder's own comes first. A
 * note that a killed house has left is not believed.
 */
export async function findHouses(stateDir: string): Promise<RunningHouse[]> {
  const folders = await runningHouses(stateDir);
  return folders.flatMap((folder) => {
    const note = readNote(folder);
    return note ? [{ stateDir: folder, ...note }] : [];
  });
}

function readNote(folder: string): HouseNote | undefined {
  try {
    return HouseNote.parse(JSON.parse(readFileSync(fileIn(folder), 'utf8')));
  } catch {
    return undefined;
  }
}

const fileIn = (stateDir: string): string => join(stateDir, 'house.json');
