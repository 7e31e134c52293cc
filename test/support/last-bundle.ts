import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

/** Source maps are left out of what is kept, and the SDK wants one. */
const NO_SOURCES = Buffer.from(JSON.stringify({ version: 3, sources: [], names: [], mappings: '' })).toString('base64');
const FOLDER = join(import.meta.dirname, '..', 'replay', 'bundles');
const numberOf = (file: string): number => Number.parseInt(file, 10);

/** Path of the workflow bundle of the last version, unpacked into `folder`. */
export async function unpackLastBundle(folder: string): Promise<string> {
  const last = readdirSync(FOLDER)
    .toSorted((one, other) => numberOf(one) - numberOf(other))
    .at(-1);
  if (!last) throw new Error('test/replay/bundles holds no bundle');
  const path = join(folder, 'last-version.js');
  const code = brotliDecompressSync(readFileSync(join(FOLDER, last))).toString();
  await writeFile(path, `${code}\n//# sourceMappingURL=data:application/json;base64,${NO_SOURCES}`);
  return path;
}
