import { expect } from 'vitest';
import { createAccount, lookUpCustomer, verifyIdentity, writeWelcomeKit } from '../../agents/index.ts';
import type { OnboardingRequest } from '../../contracts/onboarding.ts';
import { EXCERPT_BYTES, excerpt } from '../../contracts/text.ts';
import { checkOf } from '../../outside/registry.ts';
import type { World } from '../../outside/world.ts';
import { findCustomer } from '../../tools/crm/customers.ts';

/** Documents of which a rule alone must not be sure. */
export const UNSURE = ['illegible-document', 'ambiguous-date'];
/** What the registry says of a document, where that is not `match`. */
const REGISTRY_SAYS: Readonly<Record<string, string>> = {
  mismatch: 'mismatch',
  'watch-list': 'possible-watch-list',
  'watch-list-rejected': 'possible-watch-list',
  'illegible-document': 'mismatch',
};
/** What the customer data says of the writer, where that is not `one`. */
const CRM_SAYS: Readonly<Record<string, string>> = { 'no-match': 'none', 'several-matches': 'several' };

/** What each example asks for, where that is not what the others do; by name, so that it holds for rewritten ones too. */
const ASKS_FOR: Readonly<Record<string, readonly [plan: string, segment: string, language: string]>> = {
  'clean-german': ['business', 'small-business', 'de'],
  'clean-french': ['business', 'small-business', 'fr'],
  'clean-spanish': ['enterprise', 'enterprise', 'es'],
  'clean-polish': ['business', 'small-business', 'pl'],
  'clean-greek': ['starter', 'small-business', 'el'],
  'clean-ukrainian': ['business', 'small-business', 'uk'],
  'clean-mononym': ['starter', 'private', 'en'],
  'clean-leap-day': ['starter', 'small-business', 'en'],
  'clean-school': ['business', 'public-sector', 'en'],
  'clean-messy': ['enterprise', 'enterprise', 'en'],
  'several-matches': ['starter', 'small-business', 'en'],
};
const USUAL = ['business', 'small-business', 'en'] as const;

/** Holds what the embedded model reads against the world that the example happens in. */
export async function checkReading(name: string, input: OnboardingRequest, world: World): Promise<void> {
  await checkSearch(name, input, world);
  checkDocument(name, input, world);
  const message = excerpt(input.message, EXCERPT_BYTES);
  const [plan, segment, language] = ASKS_FOR[name] ?? USUAL;
  const account = must(
    createAccount.rehearse?.({ requestId: 'r', customerId: 'c', identityCheckId: 'i', displayName: 'd', message }),
  );
  expect({ name, plan, segment }).toEqual({ name, ...account.arguments });
  expect(account.confidence, name).toBeGreaterThanOrEqual(0.7);
  const kit = must(writeWelcomeKit.rehearse?.({ accountId: 'a', customerName: 'Somebody', plan: 'business', message }));
  expect({ name, language }).toEqual({ name, language: kit.arguments.language });
  expect(kit.confidence, name).toBeGreaterThanOrEqual(0.7);
}

async function checkSearch(name: string, { message, requestId }: OnboardingRequest, { customers }: World) {
  const { arguments: keys, confidence } = must(lookUpCustomer.rehearse?.({ requestId, message }));
  const byAddress = customers.filter(({ email }) => message.includes(email));
  const own = byAddress.length > 0 ? byAddress : customers.filter((customer) => message.includes(customer.name));
  const { names = [], companies = [], emails = [] } = keys;
  const { found, customer } = await findCustomer({ requestId, names, companies, emails }, customers);
  expect({ name, found }).toEqual({ name, found: CRM_SAYS[name] ?? 'one' });
  if (customer) expect(customer, name).toEqual(own[0]);
  expect(keys.names, name).toHaveLength(1);
  for (const customer of own) {
    expect(keys.names, name).toEqual([customer.name]);
    if (message.includes(customer.email)) expect(keys.emails, name).toEqual([customer.email]);
    if (customer.company && message.includes(customer.company))
      expect(keys.companies, name).toEqual([customer.company]);
  }
  expect(confidence, name).toBeGreaterThanOrEqual(0.7);
}

function checkDocument(name: string, { document: documentText }: OnboardingRequest, { documents }: World) {
  const { arguments: read, confidence } = must(verifyIdentity.rehearse?.({ customerId: 'c', documentText }));
  if (UNSURE.includes(name)) expect(confidence, name).toBeLessThan(0.7);
  else expect(confidence, name).toBeGreaterThanOrEqual(0.7);
  const record = documents.find(({ number }) => number === read.number);
  const { document = '', number = '', name: person = '', birthDate = '' } = read;
  const question = { customerId: record?.subjectId ?? 'c', document, number, name: person, birthDate };
  const { match } = checkOf(question, record, Date.now());
  expect({ name, match }).toEqual({ name, match: REGISTRY_SAYS[name] ?? 'match' });
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the agent has no rehearsal');
  return value;
}
