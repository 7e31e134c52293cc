import type { Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.ts';
import { registerAttributes } from '../../workers/register-attributes.ts';

const NAMES = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);

/** A server that knows these attributes; what registering does there is a test's own. */
function serverThat(knows: Set<string>, add: (wanted: string[]) => void): Connection {
  const operatorService = {
    listSearchAttributes: async () => ({ customAttributes: Object.fromEntries([...knows].map((name) => [name, 2])) }),
    addSearchAttributes: async ({ searchAttributes }: { searchAttributes: object }) =>
      add(Object.keys(searchAttributes)),
  };
  return { operatorService } as never;
}

describe('the search attributes of a server', () => {
  it('are registered where they are missing, and only those', async () => {
    const asked: string[][] = [];
    const knows = new Set(NAMES.slice(1));
    expect(
      await registerAttributes(
        serverThat(knows, (wanted) => asked.push(wanted)),
        'default',
      ),
    ).toBe(true);
    expect(asked).toEqual([NAMES.slice(0, 1)]);
  });

  it('are there when another worker, which starts at the same moment, was quicker', async () => {
    const knows = new Set<string>();
    const quicker = serverThat(knows, (wanted) => {
      for (const name of wanted) knows.add(name);
      throw new Error('ALREADY_EXISTS');
    });
    expect(await registerAttributes(quicker, 'default')).toBe(true);
  });

  it('are done without where the server takes none', async () => {
    const closed = serverThat(new Set(), () => {
      throw new Error('PERMISSION_DENIED');
    });
    expect(await registerAttributes(closed, 'default')).toBe(false);
  });
});
