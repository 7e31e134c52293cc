import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, it, onTestFinished } from 'vitest';
import { verdictsOn } from '../support/schema-verdicts.ts';
import { SAMPLES } from '../support/tool-calls.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** A good call of each tool, one with too much in it, an empty one, and one for each argument that is missing its value. */
function values(): Record<string, unknown[]> {
  const documentId = `sha256-${'a'.repeat(64)}`;
  return Object.fromEntries(
    Object.entries(SAMPLES).map(([name, sample]) => {
      const good = sample.call(documentId);
      const broken = Object.keys(good).map((argument) => ({ ...good, [argument]: null }));
      return [`${name} in`, [good, { ...good, surplus: 1 }, {}, ...broken]];
    }),
  );
}

it('judges in the sandbox, where cases share frozen schemas, as it does outside, case after case (TF-47, WD-53)', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'governor-schemas-'));
  onTestFinished(() => rm(scratch, { recursive: true, force: true }));
  const bundle = join(scratch, 'bundle.js');
  const entry = join(ROOT, 'test/support/schema-workflow.ts');
  await promisify(execFile)(process.execPath, [join(ROOT, 'workers/make-bundle.ts'), entry, bundle]);

  const address = inject('temporalAddress');
  const taskQueue = `schemas-${randomUUID()}`;
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const worker = await Worker.create({ connection: native, taskQueue, workflowBundle: { codePath: bundle } });
  const client = new Client({ connection });
  await worker.runUntil(async () => {
    const outside = verdictsOn(values());
    expect(Object.values(outside).every(([good]) => good === 'ok')).toBe(true);
    for (const run of [1, 2]) {
      const workflowId = `schemas-${run}-${randomUUID()}`;
      const inside = await client.workflow.execute('parseAll', { taskQueue, workflowId, args: [values()] });
      expect(inside).toEqual(outside);
    }
  });
  await connection.close();
  await native.close();
});
