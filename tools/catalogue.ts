import type { ToolName } from '../contracts/tools/index.ts';
import { lookupCustomer } from '../contracts/tools/crm.ts';
import { allCustomers, findCustomer } from './crm/customers.ts';
import type { Database } from './database.ts';
import { createLedger } from './ledger.ts';
import { type Offered, offer } from './offer.ts';
import type { ToolSettings } from './settings.ts';

/** Every tool of the house, ready to be called. `now` gives milliseconds since 1970. */
export function createTools(database: Database, _settings: ToolSettings, now: () => number = Date.now): Partial<Record<ToolName, Offered>> {
  const parts = { ledger: createLedger(database, now), now };
  return {
    'crm.lookup_customer': offer(
      lookupCustomer,
      { kind: 'read', read: async (call) => findCustomer(call, await allCustomers(database)) },
      parts,
    ),
  };
}
