import type { Store } from './ledger.ts';

/** The effect of this key is gone, so its result must not be told again: whoever asks for it now is heard anew. */
export async function forget(store: Store, key: string): Promise<void> {
  await store.updateTable('ledger').set({ state: 'refused', answer: null }).where('key', '=', key).execute();
}
