import type { Database } from '../database.ts';
import { rejected } from '../trouble.ts';
import type { Crm } from './crm.ts';
import { allCustomers } from './customers.ts';

/** Our own table of customers. */
export const databaseCrm = (database: Database): Crm => ({
  candidates: () => allCustomers(database),
  update: {
    kind: 'here',
    act: async ({ customerId, status }, _context, store) => {
      const change = store.updateTable('customers').set({ status }).where('customerId', '=', customerId);
      const { numUpdatedRows } = await change.executeTakeFirst();
      if (numUpdatedRows === 0n) throw rejected('no customer has this id');
      return { customerId, status };
    },
  },
});
