import { digestOf } from '../contracts/digest.ts';
import { fail } from '../contracts/failures.ts';
import type { OrderPolicy } from '../contracts/order-policy.ts';
import { showAmount } from '../contracts/orders.ts';
import type { ToolOutput } from '../contracts/tool.ts';
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
): Promise<void> {
  const ladder = orderRules(desk).money;
  const reply = await desk.requests.ask({ kind: 'finding', step, asks, ladder, facts });
  if (reply.verdict === 'unanswered') throw new BusinessEnd('declined', `Nobody answered: ${asks}`, true);
  if (reply.verdict !== 'go-on') throw declined(`${'role' in reply ? reply.role : 'somebody'} said no: ${asks}`);
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
): Promise<void> {
  const { totalMinor, currency, coupon, quoteId, ...sums } = offer;
  const later = plan.filter((line) => line.later > 0).map((line) => `${line.later} ${line.sku}`);
  const reply = await desk.requests.ask({
    kind: 'confirmation',
    step: 'createOrder',
    asks: [
      `Order for ${showAmount(totalMinor, currency)}, tax and delivery included?`,
      later.length > 0 ? `Sent later: ${later.join(', ')}.` : '',
      coupon === 'not-valid' ? 'The coupon is not valid.' : '',
    ]
      .filter(Boolean)
      .join(' '),
    call: { quoteId, totalMinor, currency, plan, shipTo },
    ladder: orderRules(desk).customer,
    party: customer(customerId),
    facts: { coupon, ...sums },
  });
  if (reply.verdict !== 'approve') throw declined(`${noOf(reply.verdict)} to ${showAmount(totalMinor, currency)}.`);
}

const noOf = (verdict: string): string =>
  verdict === 'unanswered' ? 'The customer did not answer in time' : 'The customer said no';

/** The shop's customer, who is in nobody's directory. */
const customer = (customerId: string) => ({ person: customerId, roles: ['customer' as const], aliases: [] });
