import { BadConfig, loadConfig } from './config.ts';
import { compose, PROFILES } from './containers/compose.ts';

/** `npm run down`: stops and removes the containers; their data stays, unless `-- -v` says otherwise. */
async function main(): Promise<number> {
  const { containers } = loadConfig().deployment;
  const all = PROFILES.flatMap((profile) => ['--profile', profile]);
  const words = [...all, 'down', '--remove-orphans', ...process.argv.slice(2)];
  return compose(containers.compose, { words, settings: {} });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
