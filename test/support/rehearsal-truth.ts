import { expect } from 'vitest';
import { createAccount, lookUpCustomer, verifyIdentity, writeWelcomeKit } from '../../agents/index.ts';
import type { OnboardingRequest } from '../../contracts/onboarding.ts';
import { EXCERPT_BYTES, excerpt } from '../../contracts/text.ts';
import type { DocumentRecord, World } from '../../outside/world.ts';
import { plain } from './rewrite-names.ts';

/** Documents of which a rule alone must not be sure. */
export const UNSURE = ['illegible-document', 'ambiguous-date'];
/** Documents that hold other facts than the registry has. */
const UNLIKE_THE_REGISTRY = ['mismatch', 'illegible-document'];

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
export function checkReading(name: string, input: OnboardingRequest, world: World): void {
  checkSearch(name, input, world);
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

function checkSearch(name: string, { message, requestId }: OnboardingRequest, { customers }: World): void {
  const { arguments: keys, confidence } = must(lookUpCustomer.rehearse?.({ requestId, message }));
  const byAddress = customers.filter(({ email }) => message.includes(email));
  const own = byAddress.length > 0 ? byAddress : customers.filter((customer) => message.includes(customer.name));
  expect(own.length > 0 || name === 'no-match', `${name} has a customer`).toBe(true);
  expect(keys.names, name).toHaveLength(1);
  for (const customer of own) {
    expect(keys.names, name).toEqual([customer.name]);
    if (message.includes(customer.email)) expect(keys.emails, name).toEqual([customer.email]);
    if (customer.company && message.includes(customer.company))
      expect(keys.companies, name).toEqual([customer.company]);
  }
  expect(confidence, name).toBeGreaterThanOrEqual(0.7);
}

function checkDocument(name: string, { document: documentText }: OnboardingRequest, { documents }: World): void {
  const { arguments: read, confidence } = must(verifyIdentity.rehearse?.({ customerId: 'c', documentText }));
  if (UNSURE.includes(name)) expect(confidence, name).toBeLessThan(0.7);
  else expect(confidence, name).toBeGreaterThanOrEqual(0.7);
  if (UNLIKE_THE_REGISTRY.includes(name)) return;
  const record = documents.find(({ number }) => number === read.number);
  expect(record, `${name}: the registry knows ${read.number}`).toBeDefined();
  if (record && name !== 'ambiguous-date') expect({ name, ...factsOf(read) }).toEqual({ name, ...factsOf(record) });
}

const factsOf = ({ document, number, name, birthDate }: Partial<DocumentRecord>) => ({
  document,
  number,
  birthDate,
  person: plain(name ?? '')
    .split(' ')
    .toSorted()
    .join(' '),
});

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the agent has no rehearsal');
  return value;
}
