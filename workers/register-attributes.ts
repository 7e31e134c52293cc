import type { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';

/** IndexedValueType of the Temporal API: https://github.com/temporalio/api, enums/v1/common.proto. */
const INDEXED = { KEYWORD: 2, INT: 3 } as const;

/**
 * Sees to it that the server knows our search attributes, and registers them where it may: a case that set an unknown
 * one could never go on. False where the server does not take them; cases then run without, and the list in the Web UI
 * cannot be filtered by them.
 */
export async function registerAttributes(connection: Connection, namespace: string): Promise<boolean> {
  try {
    const missing = await missingIn(connection, namespace);
    if (missing.length === 0) return true;
    const searchAttributes = Object.fromEntries(
      missing.map(({ name, type }) => [name, type === 'INT' ? INDEXED.INT : INDEXED.KEYWORD]),
    );
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    return true;
  } catch {
    // Of workers that start together, one registers them and the others are told that they are there.
    return missingIn(connection, namespace).then(
      (missing) => missing.length === 0,
      () => false,
    );
  }
}

async function missingIn(connection: Connection, namespace: string) {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(SEARCH_ATTRIBUTES).filter(({ name }) => !Object.hasOwn(customAttributes ?? {}, name));
}
