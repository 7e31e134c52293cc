/**
 * `npm run compare`: the order desk as Governor does it, beside one agent with all four tools in a loop.
 * `--stubborn N`, `--wary`, `--guesses` and `--keyed` change what is assumed of the loop, `--lasting N` lets a fault pass after
 * N calls, `--only TEXT` serves the scenarios whose name holds the text, `--json` prints one object. docs/comparison.md has
 * the method.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { describeProvider } from '../../models/index.ts';
import { buildBundle } from '../../workers/bundle.ts';
import { loadConfig } from '../../workers/config.ts';
import { findServer, startServer } from '../../workers/server.ts';
import { SCENARIOS } from './cases.ts';
import { type CompareParts, compare, type Row } from './compare.ts';
import type { Habits } from './loop-model.ts';
import { report } from './report.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stubborn: { type: 'string', default: '3' },
      wary: { type: 'boolean', default: false },
      guesses: { type: 'boolean', default: false },
      keyed: { type: 'boolean', default: false },
      lasting: { type: 'string' },
      only: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const habits = { stubborn: Number(values.stubborn), wary: values.wary, guesses: values.guesses, keyed: values.keyed };
  const lasting = values.lasting === undefined ? Number.POSITIVE_INFINITY : Number(values.lasting);
  if (!Number.isInteger(habits.stubborn) || habits.stubborn < 1) throw new Error('--stubborn takes 1 or more tries.');
  if (Number.isNaN(lasting)) throw new Error('--lasting takes a number of calls.');
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.only));
  if (scenarios.length === 0) throw new Error(`No scenario's name holds "${values.only}".`);
  // Without `forward` the SDK's core writes to standard output, which is for the result.
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
  const say = (words: string): void => console.error(words);
  say(describeProvider({}));
  const rows = await withServer(say, (server) => compare(scenarios, { ...server, habits, lasting }));
  if (values.json) console.log(JSON.stringify({ habits, rows }));
  else console.log(`\n${headline(habits, rows)}\n\n${report(rows)}`);
}

type Server = Omit<CompareParts, 'habits' | 'lasting'>;

/** A server in memory, ours alone, for as long as the comparison lasts. */
async function withServer(say: (words: string) => void, use: (server: Server) => Promise<Row[]>): Promise<Row[]> {
  const config = loadConfig();
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-compare-server-'));
  const choice = await findServer({ stateDir: config.stateDir, path: config.searchPath, log: say, reuse: false });
  const bundlePath = await buildBundle(config.bundleDir);
  const server = await startServer(choice, { stateDir, port: 0, inMemory: true, log: say });
  try {
    return await use({ address: server.address, bundlePath, promptsDir: config.promptsDir });
  } finally {
    await server.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

const headline = ({ stubborn, wary, guesses, keyed }: Habits, rows: readonly Row[]): string =>
  [
    `${rows.length / 2} orders on each side. The models are simulated; the loop's calls a failing tool ${stubborn} times,`,
    guesses ? 'makes up what it could not look up,' : 'makes nothing up,',
    wary ? 'and reads closely.' : 'and does not read closely.',
    keyed ? 'Its calls carry idempotency keys that stay.' : '',
  ]
    .filter(Boolean)
    .join(' ');

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
