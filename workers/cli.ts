/** `npm run governor -- …`: what a person does with an installation. */
import { agents } from '../agents/index.ts';
import { type AccessDesk, addAccessCommands } from '../client/cli/access-commands.ts';
import { addApprovalCommands } from '../client/cli/approval-commands.ts';
import { addCaseCommands } from '../client/cli/case-commands.ts';
import { openCaseDesk } from '../client/cli/case-desk.ts';
import { addDoctorCommand, type Finding } from '../client/cli/doctor-command.ts';
import { addKeyCommands } from '../client/cli/key-commands.ts';
import { addPromptCommands } from '../client/cli/prompt-commands.ts';
import { addReleaseCommands } from '../client/cli/release-commands.ts';
import { type CommandGroup, runCommandLine } from '../client/cli/run.ts';
import { addStartCommand, type WithCases } from '../client/cli/start-commands.ts';
import { openTerminal } from '../client/cli/terminal.ts';
import { loadCatalog } from '../models/catalog.ts';
import { compatibleRow } from '../models/compatible-row.ts';
import { openReleaseDesk } from '../prompts/desk.ts';
import { PromptFiles } from '../prompts/files.ts';
import { pricingOf } from '../prompts/pricing.ts';
import { answerKeyFiles } from './answer-keys.ts';
import { approvalsOf } from './cli-approvals.ts';
import { withServer } from './cli-server.ts';
import { BadConfig, type Config, loadConfig } from './config.ts';
import { examine, examineWithout } from './doctor/index.ts';
import { documentCommands } from './document-commands.ts';

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  // It works where nothing else does: that is what it is for.
  const groups = words[0] === 'doctor' ? [doctor(examineAnyway)] : groupsFor(loadConfig());
  return runCommandLine(words, groups, openTerminal());
}

function groupsFor(config: Config): readonly CommandGroup[] {
  const desk = openReleaseDesk(config.promptsDir, agents, pricingFrom(config.models));
  const withCases: WithCases = (use) => withServer(config, (server) => use(openCaseDesk(server)));
  return [
    (program, terminal) => addStartCommand(program, withCases, terminal),
    (program, terminal) => addCaseCommands(program, withCases, terminal),
    (program, terminal) => addApprovalCommands(program, approvalsOf(config, terminal), terminal),
    (program, terminal) => addReleaseCommands(program, desk, terminal),
    (program, terminal) => addPromptCommands(program, desk, terminal),
    (program, terminal) => addAccessCommands(program, accessDesk(config), terminal),
    (program, terminal) => addKeyCommands(program, answerKeyFiles(config), terminal),
    documentCommands({ stateDir: config.stateDir, databaseUrl: config.tools.databaseUrl }),
    doctor(() => examine(config)),
  ];
}

const doctor =
  (look: () => Promise<readonly Finding[]>): CommandGroup =>
  (program, terminal) =>
    addDoctorCommand(program, look, terminal);

async function examineAnyway(): Promise<readonly Finding[]> {
  try {
    return await examine(loadConfig());
  } catch (error) {
    if (error instanceof BadConfig) return examineWithout(error.problems);
    throw error;
  }
}

/** The directory is read when a key is made, so that a key carries the one name of its person. */
function accessDesk({ access, promptsDir }: Config): AccessDesk {
  const canonical = async (name: string): Promise<string | undefined> => {
    const { people } = await new PromptFiles(promptsDir).directory();
    return people.find(({ person, aliases }) => person === name || aliases.includes(name))?.person;
  };
  return { keysFile: access.keysFile, canonical };
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
