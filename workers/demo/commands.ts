import type { CaseRun } from '../../client/index.ts';
import type { OpenRequest } from '../../contracts/messages.ts';
import type { House } from '../house.ts';

const USUAL_ADDRESS = '127.0.0.1:7233';

/** Commands of the Temporal CLI, ready to be pasted into a shell: look at the case, answer its request. */
export const commandsFor = (
  house: Pick<House, 'cli' | 'address'>,
  run: CaseRun,
  { command }: OpenRequest,
): string[] => [
  inHouse(house, `temporal workflow query --workflow-id ${run.workflowId} --type status`),
  inHouse(house, command),
];

/** The command as it works here: with the program's own path, and the address where it is not the usual one. */
export function inHouse({ cli, address }: Pick<House, 'cli' | 'address'>, command: string): string {
  const where = address === USUAL_ADDRESS ? '' : ` --address ${address}`;
  return `${command.replace(/^temporal /, `${cli} `)}${where}`;
}
