import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * `node workers/make-bundle.ts <entry> <file> [<failure converter>]`: bundles the workflows that an entry exports into a
 * file.
 */
const [, , entry, file, failureConverterPath] = process.argv;
if (!entry || !file) throw new Error('make-bundle.ts needs an entry and a file.');
const { code } = await bundleWorkflowCode({
  workflowsPath: entry,
  ...(failureConverterPath ? { failureConverterPath } : {}),
  payloadConverterPath: join(ROOT, 'workflows', 'payloads.ts'),
  workflowInterceptorModules: [join(ROOT, 'workflows', 'trace-context.ts')],
  preloadModules: [join(ROOT, 'workflows', 'shared-modules.ts')],
  logger: new DefaultLogger('WARN'),
});
await writeFile(file, code);
