import { relative } from 'node:path';
import { ourCommand, shellWord } from '../../client/cli/shell.ts';
import type { CaseRun } from '../../client/index.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import type { House } from '../house.ts';

/** The command line looks here by itself. */
const USUAL_STATE = '.governor';
const USUAL_ADDRESS = '127.0.0.1:7233';

/** What of a house its commands depend on. */
export type Here = Pick<House, 'cli' | 'address' | 'settings'>;

/** Ready to be pasted into a shell in the project's folder: see the case and its request, and answer. */
export const commandsFor = (house: Here, { workflowId }: CaseRun, { approval, command }: OpenRequest): string[] => [
  inHouse(house, ourCommand('case', 'show', workflowId)),
  inHouse(house, ourCommand('approvals', 'show', workflowId, approval)),
  inHouse(house, command),
];

/**
 * A command as it works here. Ours finds the house by its state folder; the Temporal CLI may be a program that we have
 * fetched, and is told the address where that is not the usual one.
 */
export function inHouse({ cli, address, settings }: Here, command: string): string {
  if (!command.startsWith('temporal ')) return `${stateOf(settings)}${command}`;
  const where = address === USUAL_ADDRESS ? '' : ` --address ${address}`;
  return `${command.replace(/^temporal /, `${shellWord(cli)} `)}${where}`;
}

function stateOf({ GOVERNOR_STATE_DIR: stateDir = USUAL_STATE }: Here['settings']): string {
  const near = relative('.', stateDir);
  if (near === USUAL_STATE) return '';
  return `GOVERNOR_STATE_DIR=${shellWord(near.startsWith('..') ? stateDir : near)} `;
}
