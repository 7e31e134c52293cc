import { BadConfig, loadConfig } from './config.ts';
import { compose } from './containers/compose.ts';

/** `npm run down`: stops and removes the containers; their data stays, unless `-- -v` says otherwise. */
async function main(): Promise<number> {
  const { containers } = loadConfig().deployment;
  return compose(containers.compose, ['down', ...process.argv.slice(2)]);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
