import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandsFor, inHouse } from '../../workers/demo/commands.ts';
import { fullRequest } from '../support/full-request.ts';

const house = (stateDir: string, address = '127.0.0.1:7233', cli = 'temporal') => ({
  cli,
  address,
  settings: { GOVERNOR_STATE_DIR: resolve(stateDir) },
});

const OURS = 'npm run -s governor -- case show my-case';
const THEIRS = 'temporal workflow query --workflow-id my-case --name status';

describe('a command that the demo prints', () => {
  it('finds its house by the state folder, where that is not the usual one', () => {
    expect(inHouse(house('.governor'), OURS)).toBe(OURS);
    expect(inHouse(house('.governor/demo'), OURS)).toBe(`GOVERNOR_STATE_DIR=.governor/demo ${OURS}`);
    expect(inHouse(house('/elsewhere/my house'), OURS)).toBe(`GOVERNOR_STATE_DIR='/elsewhere/my house' ${OURS}`);
  });

  it('calls the Temporal CLI where it is, and tells it a server that it would not look for', () => {
    expect(inHouse(house('.governor'), THEIRS)).toBe(THEIRS);
    expect(inHouse(house('.governor', '127.0.0.1:9', '/x y/temporal'), THEIRS)).toBe(
      `'/x y/temporal' ${THEIRS.slice('temporal '.length)} --address 127.0.0.1:9`,
    );
  });

  it('shows the case and its request, and answers it', () => {
    const request = fullRequest({ command: 'npm run -s governor -- approvals answer my-case createAccount-1 approve' });
    expect(commandsFor(house('.governor'), { workflowId: 'my-case', runId: 'r' }, request)).toEqual([
      OURS,
      'npm run -s governor -- approvals show my-case createAccount-1',
      request.command,
    ]);
  });
});
