import { showMinor } from '../contracts/amounts.ts';
import type { Answer } from '../contracts/decision.ts';
import { digestOf } from '../contracts/digest.ts';
import { fail } from '../contracts/failures.ts';
import type { OrderPolicy } from '../contracts/order-policy.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import { createOrder } from '../contracts/tools/orders.ts';
import type { quotePrice } from '../contracts/tools/pricing.ts';
import type { Case } from './case.ts';
import { BusinessEnd, CaseFailure } from './endings.ts';
import { allNow, type Plan, planFor, type ShortageAnswer, shortOf, type Wanted, withoutAnswers } from './order-plan.ts';

export type Offer = NonNullable<ToolOutput<typeof quotePrice>['offer']>;

/** The policy's section for orders. */
export function orderRules({ release }: Case): OrderPolicy {
  const { orders, id } = release.policy;
  if (orders) return orders;
  throw new CaseFailure(
    fail('ReleaseBroken', `The policy ${id} has no section for orders.`, { section: 'orders' }),
    'open',
  );
}

/** The order ends here; what was done for it is taken back. */
export const declined = (why: string): BusinessEnd => new BusinessEnd('declined', why);

/** Where there is too little, the customer says what becomes of it; without an answer there is no order. */
export async function askAboutShortage(desk: Case, customerId: string, wanted: readonly Wanted[]): Promise<Plan> {
  const short = shortOf(wanted);
  if (short.length === 0) return allNow(wanted);
  const words = short.map(({ sku, quantity, available }) => `${available} of ${quantity} ${sku}`).join(', ');
  const reply = await desk.requests.ask({
    kind: 'shortage',
    step: 'reserveStock',
    asks: `There are only ${words}. Split the order, back-order what is short, drop it, or reject?`,
    about: {
      subject: `what is short for ${customerId}`,
      tier: 'customer',
      rule: 'too-little-stock',
      why: 'There is less than was asked for.',
      risk: 'low',
      consequence: 'What is there is held and priced; nothing is ordered yet.',
      reversible: true,
    },
    ladder: orderRules(desk).customer,
    party: customer(customerId),
    facts: { wanted },
    without: withoutAnswers(wanted),
  });
  if (!isShortageAnswer(reply.verdict)) throw declined(`${noOf(reply.verdict)} about what is short: ${words}.`);
  return planFor(wanted, reply.verdict);
}

const isShortageAnswer = (verdict: string): verdict is ShortageAnswer =>
  verdict === 'split' || verdict === 'back-order' || verdict === 'drop';

/** A sum that the desk may not say yes to by itself is for people to decide. */
export async function askAboutMoney(
  desk: Case,
  step: string,
  asks: string,
  facts: Readonly<Record<string, unknown>>,
  { requestId, customerId, totalMinor, currency, why }: Money,
): Promise<Answer> {
  const ladder = orderRules(desk).money;
  const reply = await desk.requests.ask({
    kind: 'finding',
    step,
    asks,
    about: {
      subject: `order ${requestId}`,
      amount: { minor: totalMinor, currency },
      tier: ladder[0]?.role ?? 'manager',
      rule: 'order-gate',
      why,
      risk: 'high',
      consequence: 'The order is put before the customer; with their yes it is made and the goods leave.',
      reversible: true,
    },
    ladder,
    call: { requestId, customerId, totalMinor, currency },
    facts,
    grant: () => ({ tool: createOrder.name, args: { requestId, customerId, totalMinor, currency } }),
  });
  if (reply.verdict === 'unanswered') throw new BusinessEnd('declined', `Nobody answered: ${asks}`, true);
  if (!('by' in reply) || reply.verdict !== 'go-on')
    throw declined(`${'role' in reply ? reply.role : 'somebody'} said no: ${asks}`);
  return reply;
}

/** The sum that people decide about, and whose order it is for. */
export interface Money {
  readonly requestId: string;
  readonly customerId: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly why: string;
}

/** What a customer says yes to. A later offer that says the same needs no second yes. */
export const agreementOf = (offer: Offer, plan: Plan, shipTo: string): string => {
  const { quoteId: _quote, validUntil: _until, ...terms } = offer;
  return digestOf({ terms, plan, shipTo });
};

/** The customer confirms exactly this offer, before there is an order. */
export async function askToConfirm(
  desk: Case,
  customerId: string,
  offer: Offer,
  plan: Plan,
  shipTo: string,
): Promise<Answer> {
  const { totalMinor, currency, coupon, quoteId, ...sums } = offer;
  const later = plan.filter((line) => line.later > 0).map((line) => `${line.later} ${line.sku}`);
  const reply = await desk.requests.ask({
    kind: 'confirmation',
    step: 'createOrder',
    asks: [
      `Order for ${showMinor(totalMinor, currency)}, tax and delivery included?`,
      later.length > 0 ? `Sent later: ${later.join(', ')}.` : '',
      coupon === 'not-valid' ? 'The coupon is not valid.' : '',
    ]
      .filter(Boolean)
      .join(' '),
    about: {
      subject: `offer ${quoteId}`,
      amount: { minor: totalMinor, currency },
      tier: 'customer',
      rule: 'own-order',
      why: 'An order is made when its customer has said yes to exactly this.',
      risk: 'low',
      consequence: 'The order is made at this price.',
      reversible: true,
    },
    call: { quoteId, totalMinor, currency, plan, shipTo },
    ladder: orderRules(desk).customer,
    party: customer(customerId),
    facts: { coupon, ...sums },
  });
  if (!('by' in reply) || reply.verdict !== 'approve')
    throw declined(`${noOf(reply.verdict)} to ${showMinor(totalMinor, currency)}.`);
  return reply;
}

const noOf = (verdict: string): string =>
  verdict === 'unanswered' ? 'The customer did not answer in time' : 'The customer said no';

/** The shop's customer, who is in nobody's directory. */
const customer = (customerId: string) => ({ person: customerId, roles: ['customer' as const], aliases: [] });
