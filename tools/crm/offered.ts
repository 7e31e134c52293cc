import { lookupCustomer, updateCustomer } from '../../contracts/tools/crm.ts';
import { getCustomerData } from '../../contracts/tools/customer-data.ts';
import type { Database } from '../database.ts';
import { type OfferParts, offer } from '../offer.ts';
import type { ToolSettings } from '../settings.ts';
import type { Crm } from './crm.ts';
import { customerData } from './customer-data.ts';
import { findCustomer } from './customers.ts';
import { databaseCrm } from './database-crm.ts';
import { hubSpotCrm } from './hubspot-adapter.ts';
import { salesforceCrm } from './salesforce-adapter.ts';

/** The CRM's tools, on the system that configuration names. */
export function offerCrm(parts: OfferParts, database: Database, settings: ToolSettings) {
  const crm = crmOf(database, settings);
  return {
    'crm.lookup_customer': offer(
      lookupCustomer,
      { kind: 'read', read: async (call, context) => findCustomer(call, await crm.candidates(call, context)) },
      parts,
    ),
    'crm.update_customer': offer(updateCustomer, crm.update, parts),
    'crm.get_customer_data': offer(
      getCustomerData,
      {
        kind: 'read',
        read: async (call, context) => {
          const { terms, ...record } = await customerData(call, database, context.now());
          if (!terms || !crm.statusOf) return { ...record, terms };
          const status = await crm.statusOf(record.customer_id, context);
          return { ...record, terms: status && { ...terms, status } };
        },
      },
      parts,
    ),
  };
}

function crmOf(database: Database, { crm, outsideTimeoutMs: timeoutMs, leaseMs }: ToolSettings): Crm {
  if (crm?.kind === 'hubspot') return hubSpotCrm({ ...crm, timeoutMs, leaseMs });
  if (crm?.kind === 'salesforce') return salesforceCrm({ ...crm, timeoutMs, leaseMs });
  return databaseCrm(database);
}
