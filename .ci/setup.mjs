// Installs what a fresh clone lacks, before an npm script that a newcomer may start with. Plain JavaScript, because the
// Node that starts it may be too old for TypeScript; once this has run, npm finds Node 24 in node_modules/.bin.
// All words go to stderr: the script that follows may print JSON.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const OWN_NODE = 24;
const root = fileURLToPath(new URL('..', import.meta.url));
const lockFile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.governor-lock');
/** Whoever installs stands in it, by process id. */
const installing = join(root, '.governor', 'installing');
/** A link to a binary that an install script fetches: without the binary it dangles, and does not exist. */
const ownNode = join(modules, '.bin', 'node');

const say = (words) => process.stderr.write(`setup: ${words}\n`);
const lockHash = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex');
const major = Number(process.versions.node.split('.')[0]);

/** Why the packages have to be installed, or nothing. npm writes its own lock file last, so a broken install shows. */
function missing() {
  const installed = join(modules, '.package-lock.json');
  if (!existsSync(installed)) return 'no packages are installed yet';
  if (major < OWN_NODE && !existsSync(ownNode)) return 'Node 24 is missing from the installed packages';
  const isOlder = statSync(installed).mtimeMs < statSync(lockFile).mtimeMs;
  const isStamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
  return isOlder && !isStamped ? 'package-lock.json has changed since the last install' : undefined;
}

/** Runs `npm ci` with its output on stderr, and gives its exit code. */
function install() {
  const started = Date.now();
  const npm = process.env.npm_execpath;
  const [command, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(command, [...before, ...options], { cwd: root, stdio: ['ignore', 2, 2] });
  const ticking = setInterval(() => say(`still installing, ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  return new Promise((done) => {
    child.once('error', (error) => {
      say(error.message);
      done(1);
    });
    child.once('close', (code) => done(code ?? 1));
  }).finally(() => clearInterval(ticking));
}

async function main() {
  if (major < OLDEST_NODE) {
    say(`this is Node ${process.versions.node}; Node ${OLDEST_NODE} or newer with npm is needed to start.`);
    return 1;
  }
  if (!missing()) return 0;
  await untilAlone();
  try {
    return await installMissing();
  } finally {
    rmSync(installing, { force: true });
  }
}

/** Two scripts that start at the same moment must not both install: the second waits, and finds it done. */
async function untilAlone() {
  mkdirSync(dirname(installing), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      return writeFileSync(installing, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(Number(readFileSync(installing, { encoding: 'utf8' })))) rmSync(installing, { force: true });
    else if (!waited) say('another script is installing the packages; waiting for it.');
    await sleep(300);
  }
}

function isAlive(pid) {
  try {
    // Signal 0 reaches nobody; it only tells whether somebody is there.
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function installMissing() {
  const reason = missing();
  if (!reason) return 0;
  say(
    `${reason}. Running "npm ci": half a minute with a warm cache, one to three without; about 0.8 GB. Only this once.`,
  );
  const started = Date.now();
  const code = await install();
  if (code !== 0) {
    say(`"npm ci" ended with ${code}. Without packages nothing runs; see its words above, then start again.`);
    return code;
  }
  writeFileSync(stamp, lockHash());
  if (major < OWN_NODE && !existsSync(ownNode)) {
    say(
      `the package "node" was installed without its binary (are install scripts off?), and this is Node ${process.versions.node}.`,
    );
    say(`Use Node ${OWN_NODE}, or run "npm ci --ignore-scripts=false".`);
    return 1;
  }
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s.`);
  return 0;
}

process.exitCode = await main();
