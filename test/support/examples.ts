import { readdirSync, readFileSync } from 'node:fs';
import { OnboardingRequest } from '../../contracts/onboarding.ts';
import { World } from '../../outside/world.ts';

const root = new URL('../../examples/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

/** What examples/README.md says of a `.expect.json`. */
export interface Expected {
  readonly outcome: string;
  readonly failureType?: string;
  readonly stoppedAt?: string;
  readonly waitsFor?: string;
  readonly effects: number;
  readonly answers?: readonly Readonly<Record<string, unknown>>[];
}

export const exampleNames = (folder = 'onboarding'): string[] =>
  readdirSync(new URL(`${folder}/`, root))
    .filter((file) => file.endsWith('.json') && !file.endsWith('.expect.json'))
    .map((file) => file.replace('.json', ''));

export const exampleInput = (name: string, folder = 'onboarding'): unknown => read(`${folder}/${name}.json`);
export const expectedOf = (name: string, folder = 'onboarding'): Expected =>
  read(`${folder}/${name}.expect.json`) as Expected;
export const exampleWorld = (): World => World.parse(read('world.json'));

/** All examples with an input that the process takes. */
export const validExamples = (): Record<string, OnboardingRequest> =>
  Object.fromEntries(
    exampleNames().flatMap((name) => {
      const parsed = OnboardingRequest.safeParse(exampleInput(name));
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
