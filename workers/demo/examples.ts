import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { ProcessName } from '../../client/index.ts';
import { AnswerInput } from '../../contracts/messages.ts';

const ROOT = resolve(import.meta.dirname, '..', '..', 'examples');

/** What examples/README.md says of a `.expect.json`. */
const Expected = z.strictObject({
  outcome: z.string(),
  failureType: z.string().optional(),
  stoppedAt: z.string().optional(),
  waitsFor: z.string().optional(),
  answers: z.array(AnswerInput.omit({ approval: true, digest: true })).default([]),
  effects: z.int().min(0),
});
export type Expected = z.output<typeof Expected>;

const Input = z.looseObject({ requestId: z.string() });

/** One example of a process: what starts it, and what must come out. */
export interface Example {
  readonly process: ProcessName;
  readonly name: string;
  readonly input: z.output<typeof Input>;
  readonly expected: Expected;
}

/** The folders of examples, by the process that they start. */
const FOLDERS: readonly (readonly [ProcessName, string])[] = [
  ['onboardCustomer', 'onboarding'],
  ['placeOrder', 'orders'],
  ['cancelOrder', 'order-cancellations'],
  ['approveDocument', 'documents'],
  ['routeTicket', 'tickets'],
  ['approveExpense', 'expenses'],
];

/** Every example, sorted by name. */
export async function readExamples(): Promise<Example[]> {
  const found = await Promise.all(FOLDERS.map(([process, folder]) => readFolder(process, join(ROOT, folder))));
  return found.flat();
}

async function readFolder(process: ProcessName, folder: string): Promise<Example[]> {
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expect.json'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const name = file.replace('.json', '');
      const [input, expected] = await Promise.all([
        readJson(join(folder, file)),
        readJson(join(folder, `${name}.expect.json`)),
      ]);
      return { process, name, input: Input.parse(input), expected: Expected.parse(expected) };
    }),
  );
}

const readJson = async (path: string): Promise<unknown> => JSON.parse(await readFile(path, 'utf8'));

/** Where a person finds the input of an example. */
export const exampleFile = ({ process, name }: Pick<Example, 'process' | 'name'>): string =>
  join('examples', FOLDERS.find(([of]) => of === process)?.[1] ?? '', `${name}.json`);
