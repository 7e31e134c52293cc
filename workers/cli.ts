/** `npm run governor -- …`: what a person does with an installation, apart from answering its requests. */
import { fileURLToPath } from 'node:url';
import { agents } from '../agents/index.ts';
import { addPromptCommands } from '../client/cli/prompt-commands.ts';
import { addReleaseCommands } from '../client/cli/release-commands.ts';
import { type CommandGroup, runCommandLine } from '../client/cli/run.ts';
import { openTerminal } from '../client/cli/terminal.ts';
import { openReleaseDesk } from '../prompts/desk.ts';

const desk = openReleaseDesk(fileURLToPath(new URL('../prompts', import.meta.url)), agents);

const groups: readonly CommandGroup[] = [
  (program, terminal) => addReleaseCommands(program, desk, terminal),
  (program, terminal) => addPromptCommands(program, desk, terminal),
];

process.exitCode = await runCommandLine(process.argv.slice(2), groups, openTerminal());
