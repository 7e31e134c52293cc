import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient } from '../../client/api-client.ts';
import { loadConfig } from '../../workers/config.ts';
import { startHouse } from '../../workers/house.ts';

/**
 * `npm run api:fuzz [-- --examples 100]`: schemathesis over every operation of the API, against a house of its own with
 * cases that wait. It looks for answers of 500 and above, and for answers that the document does not promise. It needs
 * schemathesis on the PATH (`pip install schemathesis`), or its place in SCHEMATHESIS; CI does not run it.
 */
const CHECKS = 'not_a_server_error,content_type_conformance,response_schema_conformance,status_code_conformance';
/** Streams do not end, and the session is the page's own. */
const LEFT_OUT = 'events|/desk/session';

const { values } = parseArgs({ options: { examples: { type: 'string', default: '50' } } });
const program = process.env['SCHEMATHESIS'] ?? 'schemathesis';
const stateDir = await mkdtemp(join(tmpdir(), 'api-fuzz-'));
const anyPort = ['TEMPORAL', 'TEMPORAL_UI', 'API', 'TOOLS', 'MAIL', 'WEBHOOK', 'REGISTRY'].map((name) => [
  `${name}_PORT`,
  '0',
]);
const settings = { ...Object.fromEntries(anyPort), LOG_LEVEL: 'error', API_CALLS_PER_MINUTE: '1000000' };
const config = loadConfig({ ...process.env, ...settings, GOVERNOR_STATE_DIR: stateDir });
const house = await startHouse(config, {
  inMemory: true,
  settings: { LOG_LEVEL: 'error', API_CALLS_PER_MINUTE: '1000000' },
  logDir: join(stateDir, 'logs'),
  say: () => undefined,
});
let failed = false;
try {
  const { people = {}, deskUrl } = house.api;
  const keyOf = (name: string): string => people[name] ?? '';
  const target = await waitingRequest(deskUrl, keyOf('application'), keyOf('darius.wren'));
  for (const name of ['marta.lindqvist', 'ruth.achterberg', 'application'])
    failed = (await fuzz(name, deskUrl, keyOf(name), [], LEFT_OUT)) || failed;
  const known = [
    `"path.case" = ${JSON.stringify(target.case)}`,
    `"path.approval" = ${JSON.stringify(target.approval)}`,
  ];
  failed =
    (await fuzz('darius.wren, a case that waits', deskUrl, keyOf('darius.wren'), known, `${LEFT_OUT}|cancel`)) ||
    failed;
  const complaints = await readFile(join(stateDir, 'logs', 'api.log'), 'utf8');
  console.log(complaints === '' ? 'The API wrote down no fault of its own.' : complaints);
} finally {
  await house.stop();
  await rm(stateDir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

/** A request of a case that waits for its manager. */
async function waitingRequest(url: string, shop: string, manager: string) {
  const input = JSON.parse(await readFile('examples/expenses/manager.json', 'utf8'));
  const started = await createApiClient({ url, key: shop }).start('approveExpense', input, { key: 'fuzz' });
  for (;;) {
    const { approvals } = await createApiClient({ url, key: manager }).approvals();
    const found = approvals.find((each) => each.case === started.case);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Runs it once, shows its summary, and tells whether it found anything. */
async function fuzz(who: string, url: string, key: string, parameters: readonly string[], leftOut: string) {
  console.log(`\n== as ${who}`);
  const file = join(stateDir, 'schemathesis.toml');
  await writeFile(file, ['[parameters]', ...parameters, ''].join('\n'));
  const run = ['--config-file', file, '--no-color', 'run', `${url}/v1/openapi.json`, '--checks', CHECKS];
  const how = ['--exclude-path-regex', leftOut, '-n', values.examples, '--workers', '2', '--request-timeout', '75'];
  const child = spawn(program, [...run, ...how, '-H', `Authorization: Bearer ${key}`, '--continue-on-failure'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise<boolean>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code !== 0));
  });
}
