import {
  bookFollowUp,
  closeAccount,
  createAccount,
  lookUpCustomer,
  routeNotification,
  sendWelcomeEmail,
  verifyIdentity,
  writeWelcomeKit,
} from '../agents/index.ts';
import { type Onboarded, OnboardingAmendment, OnboardingRequest } from '../contracts/onboarding.ts';
import { EXCERPT_BYTES, excerpt } from '../contracts/text.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { notify } from './activities.ts';
import type { Case } from './case.ts';
import type { Stopped } from './closing.ts';
import { BusinessEnd } from './endings.ts';
import { listenForAmendments } from './listening.ts';
import { openCase, parseInput } from './open-case.ts';

type Customer = NonNullable<ToolOutput<typeof lookUpCustomer.tool>['customer']>;
type Identity = ToolOutput<typeof verifyIdentity.tool>;

/** From a message and an identity document to an account, a welcome and a meeting. */
export async function onboardCustomer(raw: unknown): Promise<Onboarded | Stopped> {
  const request = parseInput(OnboardingRequest, raw);
  const { requestId, requestedBy, capMicroUsd } = request;
  const onboarding = await openCase('onboardCustomer', { reference: requestId, requestedBy, capMicroUsd });
  listenForAmendments(OnboardingAmendment, onboarding.requests, (better) => Object.assign(request, better));

  return onboarding.run(async ({ step }) => {
    const { channels } = onboarding.release.policy.onboarding;
    const message = () => excerpt(request.message, EXCERPT_BYTES);

    const customer = await findCustomer(onboarding, request);
    const { customerId, name, email } = customer;
    let identity: Identity;
    do {
      identity = await step(verifyIdentity, () => ({ customerId, documentText: request.document }));
      const refused = whyRefused(onboarding, identity);
      if (refused) return refuse(onboarding, refused);
    } while ((await gate(onboarding, customer, identity)) === 'amended');
    const { checkId } = identity;

    const account = await step(
      createAccount,
      () => ({ requestId, customerId, identityCheckId: checkId, displayName: name, message: message() }),
      {
        leaves: 'an account',
        undo: () =>
          step(closeAccount, { requestId, reason: 'the onboarding was not finished' }, { leaves: 'a closed account' }),
      },
    );
    const { accountId, plan, openSlots } = account;
    const kit = await step(writeWelcomeKit, () => ({ accountId, customerName: name, plan, message: message() }), {
      leaves: 'a welcome kit',
    });
    const { documentId } = kit;
    await step(sendWelcomeEmail, () => ({ to: email, customerName: name, documentId, plan, message: message() }), {
      leaves: 'a welcome e-mail',
      skippable: true,
    });
    const meeting = await step(
      bookFollowUp,
      () => ({ accountId, attendee: email, offered: openSlots, message: message() }),
      {
        leaves: 'a booked meeting',
        skippable: true,
      },
    );
    await step(
      routeNotification,
      { accountId, plan, allowedChannels: channels },
      { leaves: 'a notification', skippable: true },
    );
    return { outcome: 'onboarded', accountId, ...(meeting ? { meeting: meeting.startsAt } : {}) };
  });
}

/** Who writes. Where no record fits, or several do, a person puts the customer data right and it is looked up again. */
async function findCustomer(onboarding: Case, request: OnboardingRequest): Promise<Customer> {
  const { lookups } = onboarding.release.policy.onboarding;
  for (let lookup = 1; lookup <= lookups; lookup++) {
    const { requestId } = request;
    const { found, customer, candidates } = await onboarding.step(lookUpCustomer, () => ({
      requestId,
      message: request.message,
    }));
    if (customer) return customer;
    if (lookup === lookups) break;
    const asks = `The customer data holds ${found === 'none' ? 'nobody' : `${candidates.length} customers`} who fit. Once it is put right, look again?`;
    await onboarding.ask(
      'lookUpCustomer',
      asks,
      { found, candidates },
      {
        subject: `customer of ${requestId}`,
        tier: 'compliance',
        rule: 'customer-not-clear',
        why: 'Nothing goes on before it is clear who writes.',
        risk: 'medium',
        consequence: 'The customer data is looked up again.',
        reversible: true,
      },
    );
  }
  throw new BusinessEnd('rejected', `The customer was not found in ${lookups} lookups.`);
}

/** What no person is asked about, since the answer is always no. */
function whyRefused({ facts, release }: Case, { match, validUntil, ageYears }: Identity): string | undefined {
  const endOfValidity = Date.parse(`${validUntil}T23:59:59.999Z`);
  if (match === 'mismatch') return 'the document does not match the registry';
  if (endOfValidity < Date.parse(facts.startedAt)) return 'the document has expired';
  if (ageYears < release.policy.onboarding.minimumAgeYears) return 'the applicant is under age';
  return undefined;
}

async function refuse(onboarding: Case, why: string): Promise<Onboarded> {
  const { caseId } = onboarding.facts;
  const message = `Onboarding ${caseId} ended without an account: ${why}.`;
  await notify({ key: `${caseId}:identity-refused`, caseId, role: 'compliance', message }).catch(() =>
    onboarding.alarm('notice-not-sent'),
  );
  return { outcome: 'identity-refused', why };
}

/** Existing customers and watch-list hits are for people to decide about, before anything is created; a better document is checked anew. */
async function gate(
  onboarding: Case,
  { customerId, status }: Customer,
  { match, checkId, checkedAt, validUntil, ageYears }: Identity,
): Promise<'go-on' | 'amended'> {
  const existing = status === 'active';
  const watched = match === 'possible-watch-list';
  if (!existing && !watched) return 'go-on';
  const why = [existing ? 'is a customer already' : '', watched ? 'may be on a watch list' : '']
    .filter(Boolean)
    .join(' and ');
  const evidence = onboarding.release.wholeEvidence ? { status, match, checkedAt, validUntil, ageYears } : {};
  const facts = { customerId, checkId, existing, watched, ...evidence };
  return onboarding.ask('createAccount', `The applicant ${why}. Open an account?`, facts, {
    subject: customerId,
    tier: 'compliance',
    rule: watched ? 'watch-list' : 'existing-customer',
    why: 'Whoever may be on a watch list, or is a customer already, gets no account without a person.',
    risk: watched ? 'high' : 'medium',
    consequence: 'An account is opened; with a reject the case ends without one.',
    reversible: true,
  });
}
