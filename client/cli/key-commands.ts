import type { Command } from 'commander';
import {
  type AnswerKeyFiles,
  KeyProblem,
  listAnswerKeys,
  retireAnswerKey,
  rotateAnswerKeys,
} from '../../keys/answer-files.ts';
import { Refused, type Terminal, table } from './words.ts';

/** `governor keys …`: what people's answers are signed and checked with. No key is ever printed, only its id. */
export function addKeyCommands(program: Command, files: AnswerKeyFiles, terminal: Terminal): void {
  const keys = program.command('keys').description("the keys that people's answers are signed and checked with");

  keys
    .command('list')
    .description('each key with its age; one signs, the others check what was signed before')
    .option('--json', 'one JSON array')
    .action(({ json }: { json?: true }) => {
      const listed = inWords(() => listAnswerKeys(files));
      if (json) return terminal.out(JSON.stringify(listed));
      const rows = listed.map(({ keyId, since, signs }) => [keyId, since, signs ? 'signs and checks' : 'checks']);
      terminal.out(table([['key', 'since', 'does'], ...rows]));
      terminal.out(`Public keys: ${files.public}`);
    });

  keys
    .command('rotate')
    .description('make a key that signs from now on, the first one too; the old ones go on checking')
    .action(() => {
      const keyId = inWords(() => rotateAnswerKeys(files));
      terminal.out(`${keyId} signs from now on, in every process that has these files; nothing needs a restart.`);
      terminal.out(`Private: ${files.signing}, for the API and this command line alone. Public: ${files.public}.`);
    });

  keys
    .command('retire')
    .argument('<key>', 'its id; keys list tells which there are')
    .description('let nothing count any more that this key has signed; answers on their way are asked for again')
    .action((keyId: string) => {
      inWords(() => retireAnswerKey(files, keyId));
      terminal.out(`${keyId} counts no more.`);
    });
}

/** What the files themselves say is wrong is for people; that there are none, we say. */
function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof KeyProblem) throw new Refused(error.message);
    if (!(error instanceof Error) || !('code' in error)) throw error;
    if (error.code === 'ENOENT') throw new Refused('There are no answer keys yet: npm run governor -- keys rotate');
    throw new Refused(`The answer keys cannot be read or written (${error.code}).`);
  }
}
