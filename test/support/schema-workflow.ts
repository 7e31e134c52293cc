import { verdictsOn } from './schema-verdicts.ts';

/** A workflow for one test: it uses every schema of tools and agents where workflows do, inside the sandbox. */
export async function parseAll(values: Record<string, unknown[]>): Promise<Record<string, string[]>> {
  return verdictsOn(values);
}
