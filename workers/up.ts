import { BadConfig, loadConfig } from './config.ts';
import { compose, upCall } from './containers/compose.ts';
import { containerUser, makeKeys, makeSecrets } from './containers/secrets.ts';

const MAKE_KEYS = `The desk and the API take keys of your own. Make one for a person, and one for a program:
  docker compose exec api node workers/cli.ts access key add darius --roles approver,requester --person darius.wren
  docker compose exec api node workers/cli.ts access key add billing --roles application`;

/** `npm run up`: makes the secrets and keys that are missing, and starts everything in containers; docs/containers.md. */
async function main(): Promise<number> {
  const { api, ports, deployment } = loadConfig();
  const { containers } = deployment;
  const made = makeSecrets(containers.secretsDir, containerUser());
  makeKeys(containers.keysDir, containerUser());
  if (made.length > 0) console.error(`Made in ${containers.secretsDir}: ${made.join(', ')}.`);
  const code = await compose(containers.compose, upCall(process.argv.slice(2)));
  if (code !== 0) return code;
  console.error(
    `The desk is at ${api.deskUrl}/desk/, and Temporal can be looked at on http://127.0.0.1:${ports.temporalUi}.`,
  );
  console.error(MAKE_KEYS);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
