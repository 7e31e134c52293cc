import { ourCommand } from '../client/cli/shell.ts';
import { describeProvider } from '../models/index.ts';
import { BadConfig, loadConfig } from './config.ts';
import { inHouse } from './demo/commands.ts';
import { startHouse } from './house.ts';
import { describeDesk } from './house-api.ts';

/** `npm run dev`: everything that the demo starts, without its story, until Ctrl-C. */
async function main(): Promise<void> {
  const config = loadConfig();
  const say = (words: string): void => console.error(words);
  say(describeProvider(config.models));
  const house = await startHouse(config, { say });
  say(`Temporal listens on ${house.address}${house.uiUrl ? `; its Web UI is at ${house.uiUrl}` : ''}.`);
  for (const line of describeDesk(house.api, process.stderr.isTTY)) say(line);
  say('Start a case, and watch it:');
  say(
    `  ${inHouse(house, ourCommand('start', 'onboardCustomer', 'examples/onboarding/clean.json', '--id', 'my-case'))}`,
  );
  say(`  ${inHouse(house, ourCommand('case', 'watch', 'my-case'))}`);
  say('Ctrl-C stops everything.');
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await house.stop();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
