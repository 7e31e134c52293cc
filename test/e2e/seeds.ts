import { deepStrictEqual } from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { buildBundle } from '../../workers/bundle.ts';
import { loadConfig } from '../../workers/config.ts';
import { findServer } from '../../workers/server.ts';
import { runToldAnew } from '../support/told-anew.ts';

/** `npm run seeds -- --from 1 --count 20`: the examples told of other people, many times; ends well only if all come out. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { from: { type: 'string', default: '1' }, count: { type: 'string', default: '10' } },
  });
  const { stateDir, searchPath, temporal } = loadConfig();
  const server = await findServer({
    stateDir,
    address: temporal.address,
    path: searchPath,
    reuse: false,
    log: console.error,
  });
  const bundlePath = await buildBundle(stateDir);
  const bad: number[] = [];
  for (let seed = Number(values.from); seed < Number(values.from) + Number(values.count); seed++) {
    const { came, expected } = await runToldAnew(seed, { server, bundlePath });
    try {
      deepStrictEqual(came, expected);
      console.log(`seed ${seed}: all ${Object.keys(came).length} examples came out as they should`);
    } catch (error) {
      bad.push(seed);
      console.log(`seed ${seed}: ${error instanceof Error ? error.message : 'differs'}`);
    }
  }
  return bad.length === 0 ? 0 : 1;
}

process.exitCode = await main();
