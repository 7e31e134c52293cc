import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { lookupCustomer } from '../../contracts/tools/crm.ts';
import type { Database, Tables } from '../database.ts';
import { folded, isLegalForm, nameKey } from '../words.ts';

type Call = ToolInput<typeof lookupCustomer>;
type Answer = ToolOutput<typeof lookupCustomer>;
type Customer = NonNullable<Answer['customer']>;

const MOST_CANDIDATES = 20;

/**
 * Who fits. An e-mail address is the strongest sign: where one is known, only its owners fit. Otherwise those whose
 * name fits, and whose company too where the request names one that we know.
 */
export async function findCustomer(call: Call, customers: readonly Customer[]): Promise<Answer> {
  const fitting = thoseWhoFit(call, customers);
  const only = fitting.length === 1 ? (fitting[0] ?? null) : null;
  const found = only ? 'one' : fitting.length === 0 ? 'none' : 'several';
  const candidates = only ? [] : fitting.map((customer) => customer.customerId).slice(0, MOST_CANDIDATES);
  return { requestId: call.requestId, found, customer: only, candidates };
}

function thoseWhoFit(call: Call, customers: readonly Customer[]): Customer[] {
  const emails = new Set(call.emails.map(folded));
  const byEmail = customers.filter((customer) => emails.has(folded(customer.email)));
  if (byEmail.length > 0) return byEmail;

  const names = new Set(call.names.map(nameKey).filter(Boolean));
  const companies = new Set(call.companies.map(companyKey).filter(Boolean));
  const byName = customers.filter((customer) => names.has(nameKey(customer.name)));
  const byCompany = customers.filter((customer) => customer.company && companies.has(companyKey(customer.company)));
  if (byName.length === 0) return byCompany;
  const both = byName.filter((customer) => byCompany.includes(customer));
  return both.length > 0 ? both : byName;
}

/** People write "Nordwind" for "Nordwind GmbH". */
const companyKey = (company: string): string =>
  folded(company)
    .split(' ')
    .filter((word) => !isLegalForm(word))
    .join(' ');

/** Every customer on record. */
export async function allCustomers(database: Database): Promise<Customer[]> {
  const rows = await database.selectFrom('customers').selectAll().orderBy('customerId').execute();
  return rows.map(({ customerId, name, company, email, status }) => ({
    customerId,
    name,
    company,
    email,
    status: statusOf(status),
  }));
}

const statusOf = (status: Tables['customers']['status']): Customer['status'] =>
  status === 'active' || status === 'closed' ? status : 'lead';

/** Fills an empty CRM; one that holds anybody is left alone. */
export async function seedCustomers(database: Database, customers: readonly Customer[]): Promise<void> {
  if (customers.length === 0) return;
  const some = await database.selectFrom('customers').select('customerId').limit(1).executeTakeFirst();
  if (some) return;
  await database
    .insertInto('customers')
    .values(customers.map((customer) => ({ ...customer })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
