import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bindArguments } from '../../activities/proposal.ts';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { judge } from '../../agents/judge.ts';
import type { OnboardingRequest } from '../../contracts/onboarding.ts';
import { Policy } from '../../contracts/policy.ts';
import { stepPolicy } from '../../contracts/step-policy.ts';
import { EXCERPT_BYTES, excerpt } from '../../contracts/text.ts';
import { PLANS } from '../../contracts/tools/accounts.ts';
import type { World } from '../../outside/world.ts';
import { ownerAndSlots } from '../../tools/accounts/slots.ts';
import { exampleWorld, validExamples } from '../support/examples.ts';
import { rewrite } from '../support/rewrite-world.ts';

const policy = Policy.parse(
  JSON.parse(readFileSync(new URL('../../prompts/policies/standard-1.json', import.meta.url), 'utf8')),
);
const DAY_MS = 86_400_000;
const facts = { caseId: 'onb-1', process: 'onboardCustomer', startedAt: '2031-03-03T09:00:00.000Z' };

/** What each agent of the story is given, by the example and the day of the week. */
function inputsOf({ requestId, message, document }: OnboardingRequest, { customers }: World, day: number) {
  const customer = customers.find(({ email, name }) => message.includes(email) || message.includes(name));
  const words = excerpt(message, EXCERPT_BYTES);
  const customerName = customer?.name ?? 'Somebody Else';
  const plan = PLANS[day % PLANS.length] ?? 'starter';
  const offered = ownerAndSlots(`acc-${requestId}`, Date.parse(facts.startedAt) + day * DAY_MS).openSlots;
  return {
    lookUpCustomer: { requestId, message },
    verifyIdentity: { customerId: 'cus-1', documentText: document },
    createAccount: {
      requestId,
      customerId: 'cus-1',
      identityCheckId: 'chk-1',
      displayName: customerName,
      message: words,
    },
    writeWelcomeKit: { accountId: 'acc-1', customerName, plan, message: words },
    sendWelcomeEmail: {
      to: customer?.email ?? 'else@house.example',
      customerName,
      documentId: 'doc-1',
      plan,
      message: words,
    },
    bookFollowUp: { accountId: 'acc-1', attendee: customer?.email ?? 'else@house.example', offered, message: words },
    routeNotification: { accountId: 'acc-1', plan, allowedChannels: policy.onboarding.channels },
  };
}

/** Where a rule alone must not decide. */
const FOR_PEOPLE = ['illegible-document verifyIdentity', 'ambiguous-date verifyIdentity'];

function checkVerdicts(examples: Readonly<Record<string, OnboardingRequest>>, world: World, day: number): void {
  for (const [name, example] of Object.entries(examples)) {
    for (const [agentName, input] of Object.entries(inputsOf(example, world, day))) {
      const agent: Agent = agents[agentName as keyof typeof agents];
      const parsed = agent.input.parse(input);
      const { arguments: chosen = {}, confidence = 0 } = agent.rehearse?.(parsed) ?? {};
      const call = { ...chosen, ...bindArguments(agent, parsed, facts) };
      const { success: complete } = agent.tool.input.safeParse(call);
      const { kind, rule } = judge(agent, parsed, { call, complete, confidence }, stepPolicy(policy, agentName));
      const expected = FOR_PEOPLE.includes(`${name} ${agentName}`) ? 'needs-approval' : 'allowed';
      expect(`${name} ${agentName} ${kind} ${rule}`).toContain(`${name} ${agentName} ${expected}`);
    }
  }
}

describe('a rehearsed call is whole and within the policy, and doubtful documents go to a person (PF-44, WD-53)', () => {
  test.each([0, 1, 2, 3, 4, 5, 6])('on day %i of a week, with the slots that the accounts offer then', (day) => {
    checkVerdicts(validExamples(), exampleWorld(), day);
  });

  test.each([11, 12, 13, 14, 15])('of other people, seed %i', (seed) => {
    const { inputs, world } = rewrite(seed, validExamples(), exampleWorld());
    checkVerdicts(inputs, world, seed);
  });
});
