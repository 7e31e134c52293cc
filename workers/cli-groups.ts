import { agents } from '../agents/index.ts';
import { type AccessDesk, addAccessCommands } from '../client/cli/access-commands.ts';
import { addAgentCommands } from '../client/cli/agent-commands.ts';
import { addApprovalCommands } from '../client/cli/approval-commands.ts';
import { addCaseCommands } from '../client/cli/case-commands.ts';
import { openCaseDesk } from '../client/cli/case-desk.ts';
import { addDoctorCommand, type Finding } from '../client/cli/doctor-command.ts';
import { addWatchCommand } from '../client/cli/house-watch.ts';
import { addKeyCommands } from '../client/cli/key-commands.ts';
import { addPromptCommands } from '../client/cli/prompt-commands.ts';
import { addReadyCommand } from '../client/cli/ready-command.ts';
import { addReleaseCommands } from '../client/cli/release-commands.ts';
import type { CommandGroup } from '../client/cli/run.ts';
import { addStartCommand, type WithCases } from '../client/cli/start-commands.ts';
import { loadCatalog } from '../models/catalog.ts';
import { compatibleRow } from '../models/compatible-row.ts';
import { openReleaseDesk } from '../prompts/desk.ts';
import { PromptFiles } from '../prompts/files.ts';
import { pricingOf } from '../prompts/pricing.ts';
import { answerKeyFiles } from './answer-keys.ts';
import { auditCommands } from './audit-commands.ts';
import { approvalsOf } from './cli-approvals.ts';
import { houseOf } from './cli-house.ts';
import { withServer } from './cli-server.ts';
import type { Config } from './config.ts';
import { examine } from './doctor/index.ts';
import { documentCommands } from './document-commands.ts';
import { probeOf } from './ready/index.ts';

/** All commands, on an installation that is configured so. */
export function groupsFor(config: Config): readonly CommandGroup[] {
  const desk = openReleaseDesk(config.promptsDir, agents, pricingFrom(config.models));
  const withCases: WithCases = (use) => withServer(config, (server) => use(openCaseDesk(server)));
  return [
    (program, terminal) => addStartCommand(program, withCases, terminal),
    (program, terminal) => addCaseCommands(program, withCases, terminal),
    (program, terminal) => addWatchCommand(program, houseOf(config), terminal),
    (program, terminal) => addApprovalCommands(program, approvalsOf(config, terminal), terminal),
    (program, terminal) => addAgentCommands(program, config.decisionLog, terminal),
    (program, terminal) => addReleaseCommands(program, desk, terminal),
    (program, terminal) => addPromptCommands(program, desk, terminal),
    (program, terminal) => addAccessCommands(program, accessDesk(config), terminal),
    (program, terminal) => addKeyCommands(program, answerKeyFiles(config), terminal),
    documentCommands({ stateDir: config.stateDir, databaseUrl: config.tools.databaseUrl }),
    auditCommands({ stateDir: config.stateDir, databaseUrl: config.tools.databaseUrl }),
    doctor(() => examine(config)),
    (program, terminal) => addReadyCommand(program, probeOf(config), terminal),
  ];
}

/** The one that needs no configuration. */
export const doctor =
  (look: () => Promise<readonly Finding[]>): CommandGroup =>
  (program, terminal) =>
    addDoctorCommand(program, look, terminal);

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
