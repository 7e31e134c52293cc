import { buildBundle } from './bundle.ts';
import { FAILURE_CONVERTER } from './payloads/converter.ts';

/** `node workers/bundle-image.ts <folder>`: makes both workflow bundles, for payloads in clear and for locked ones. */
const [, , folder] = process.argv;
if (!folder) throw new Error('bundle-image.ts needs a folder.');
console.log(await buildBundle(folder));
console.log(await buildBundle(folder, { failureConverterPath: FAILURE_CONVERTER }));
