/** `npm run governor -- …`: what a person does with an installation. */
import type { Finding } from '../client/cli/doctor-command.ts';
import { runCommandLine } from '../client/cli/run.ts';
import { openTerminal } from '../client/cli/terminal.ts';
import { doctor, groupsFor } from './cli-groups.ts';
import { BadConfig, loadConfig } from './config.ts';
import { examine, examineWithout } from './doctor/index.ts';

async function main(): Promise<number> {
  const words = process.argv.slice(2);
  // It works where nothing else does: that is what it is for.
  const groups = words[0] === 'doctor' ? [doctor(examineAnyway)] : groupsFor(loadConfig());
  return runCommandLine(words, groups, openTerminal());
}

async function examineAnyway(): Promise<readonly Finding[]> {
  try {
    return await examine(loadConfig());
  } catch (error) {
    if (error instanceof BadConfig) return examineWithout(error.problems);
    throw error;
  }
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
