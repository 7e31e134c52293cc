/** `npm run governor -- …`: what a person does with an installation, apart from answering its requests. */
import { agents } from '../agents/index.ts';
import { addCaseCommands } from '../client/cli/case-commands.ts';
import { openCaseDesk } from '../client/cli/case-desk.ts';
import { addPromptCommands } from '../client/cli/prompt-commands.ts';
import { addReleaseCommands } from '../client/cli/release-commands.ts';
import { type CommandGroup, runCommandLine } from '../client/cli/run.ts';
import { addStartCommand, type WithCases } from '../client/cli/start-commands.ts';
import { openTerminal } from '../client/cli/terminal.ts';
import { loadCatalog } from '../models/catalog.ts';
import { compatibleRow } from '../models/compatible-row.ts';
import { openReleaseDesk } from '../prompts/desk.ts';
import { pricingOf } from '../prompts/pricing.ts';
import { withServer } from './cli-server.ts';
import { BadConfig, type Config, loadConfig } from './config.ts';
import { documentCommands } from './document-commands.ts';

async function main(): Promise<number> {
  const config = loadConfig();
  const desk = openReleaseDesk(config.promptsDir, agents, pricingFrom(config.models));
  const withCases: WithCases = (use) => withServer(config, (server) => use(openCaseDesk(server)));
  const groups: readonly CommandGroup[] = [
    (program, terminal) => addReleaseCommands(program, desk, terminal),
    (program, terminal) => addPromptCommands(program, desk, terminal),
    (program, terminal) => addStartCommand(program, withCases, terminal),
    (program, terminal) => addCaseCommands(program, withCases, terminal),
    documentCommands({ stateDir: config.stateDir, databaseUrl: config.tools.databaseUrl }),
  ];
  return runCommandLine(process.argv.slice(2), groups, openTerminal());
}

/** A release is priced by what this installation may ask: its own price table, and its own endpoint. */
function pricingFrom({ pricesFile, compatible }: Config['models']) {
  return pricingOf(loadCatalog(pricesFile), compatible && compatibleRow(compatible));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof BadConfig ? error.message : error);
    process.exitCode = 1;
  },
);
