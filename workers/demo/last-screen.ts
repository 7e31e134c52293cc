import { ourCommand } from '../../client/cli/shell.ts';
import { inHouse } from './commands.ts';
import type { Shown, Stage } from './stage.ts';

/** What was shown, where each run can be looked at, and how to go on from here. */
export function lastScreen(stage: Stage, shown: readonly Shown[]): void {
  const { screen } = stage;
  screen.heading('What was shown');
  for (const { title, summary, runs } of shown) {
    screen.say(`${title}: ${summary}.`);
    for (const run of runs) screen.verbatim(`  ${stage.link(run)}`);
  }
}

/** How a person goes on; `logDir` is where the processes write. */
export function howToGoOn({ screen, house }: Stage, logDir: string): void {
  screen.heading('A case of your own');
  screen.say(
    'Copy examples/onboarding/clean.json, change the requestId and what you like, and start it while this runs:',
  );
  for (const words of [
    ['start', 'onboardCustomer', 'my-case.json', '--id', 'my-case'],
    ['case', 'watch', 'my-case'],
    ['approvals', 'list'],
  ])
    screen.verbatim(`  ${inHouse(house, ourCommand(...words))}`);
  screen.say(
    'A customer whom examples/world.json does not know goes to a person; with --help each command says what it takes.',
  );
  screen.heading('A real model');
  screen.say(
    'Start again with ANTHROPIC_API_KEY or OPENAI_API_KEY set, or with OPENAI_BASE_URL and OPENAI_COMPATIBLE_MODEL for an endpoint of your own. Everything else stays as it is.',
  );
  screen.heading('Still running');
  if (house.uiUrl) screen.say(`Web UI ${house.uiUrl}, Temporal ${house.address}.`);
  screen.say(`Log lines of the processes are in ${logDir}. Ctrl-C stops everything.`);
}
