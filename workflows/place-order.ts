import {
  checkStock,
  createOrder,
  getCustomerData,
  quotePrice,
  releaseStock,
  reserveStock,
  takeBackOrder,
} from '../agents/index.ts';
import { showMinor } from '../contracts/amounts.ts';
import type { Answer } from '../contracts/decision.ts';
import { type Ordered, OrderRequest } from '../contracts/orders.ts';
import { EXCERPT_BYTES, excerpt } from '../contracts/text.ts';
import type { ToolOutput } from '../contracts/tool.ts';
import type { StepOptions } from './agent-step.ts';
import type { Case } from './case.ts';
import type { Stopped } from './closing.ts';
import { openCase, parseInput } from './open-case.ts';
import { type Plan, recounted, type Wanted, wantedOf, whyGated, whyNot } from './order-plan.ts';
import {
  agreementOf,
  askAboutMoney,
  askAboutShortage,
  askToConfirm,
  declined,
  type Offer,
  orderRules,
} from './order-questions.ts';

type Terms = NonNullable<ToolOutput<typeof getCustomerData.tool>['terms']>;
type Address = Terms['addresses'][number];
type Counted = ToolOutput<typeof reserveStock.tool>['lines'];

/** An order on its way. */
interface Order {
  readonly desk: Case;
  readonly request: OrderRequest;
  readonly message: string;
  /** The most that people have said yes to. */
  allowedMinor: number;
  /** What the customer has said yes to. */
  agreed: string;
  /** Their yeses, which the order rests on. */
  yeses: { readonly sum?: Answer; readonly offer?: Answer };
  /** Effects that are to be undone already: a later round adds nothing to undo. */
  readonly undone: Set<string>;
}

const REASON = 'the order was not finished';

/**
 * From a customer's message to an order at a price that they confirmed. Stock and price are held for a while only: where
 * they ran out while people thought, or somebody else was faster, the desk looks anew and asks again what has changed.
 */
export async function placeOrder(raw: unknown): Promise<Ordered | Stopped> {
  const request = parseInput(OrderRequest, raw);
  const { requestId, requestedBy, capMicroUsd } = request;
  const desk = await openCase('placeOrder', { reference: requestId, requestedBy, capMicroUsd });
  const message = excerpt(request.message, EXCERPT_BYTES);
  const order: Order = { desk, request, message, allowedMinor: 0, agreed: '', yeses: {}, undone: new Set() };

  return desk.run(() => serve(order));
}

/** The story: read, look, hold, price, agree, make; from `hold` on as often as the policy's rounds. */
async function serve(order: Order): Promise<Ordered> {
  const { desk, message, request } = order;
  const { requestId, customerId } = request;
  const { rounds } = orderRules(desk);
  let terms = await readTerms(order);
  const { lines } = await desk.step(checkStock, { requestId, message });
  const why = whyNot(lines);
  if (why) throw declined(why);

  let wanted: readonly Wanted[] = wantedOf(lines);
  let plan: Plan | undefined;
  for (let round = 1; round <= rounds; round++) {
    if (round > 1) terms = await readTerms(order);
    plan ??= await askAboutShortage(desk, customerId, wanted);
    const missing = await hold(order, plan);
    const ordered = missing ? undefined : await offerAndMake(order, plan, terms);
    if (ordered) return ordered;
    if (!missing) continue;
    wanted = recounted(wanted, missing);
    plan = undefined;
  }
  throw declined(`Stock or price ran out ${rounds} times before there was an order.`);
}

/** Nothing where the offer ran out while people thought, or on its way to the order. */
async function offerAndMake(order: Order, plan: Plan, terms: Terms): Promise<Ordered | undefined> {
  const address = addressOf(order, terms);
  const offer = await price(order, plan, terms, address);
  const { desk } = order;
  return desk.agreed(
    (again) => {
      if (again) Object.assign(order, { allowedMinor: 0, agreed: '', yeses: {} });
      return agree(order, offer, plan, terms, address);
    },
    async (holds) => (holds ? make(order, offer, address) : undefined),
  );
}

/** Read by the customer's own reference: a run hears one answer, however often it asks and whatever changes meanwhile. */
async function readTerms({ desk, request: { customerId, currency } }: Order): Promise<Terms> {
  const { terms } = await desk.step(getCustomerData, { customerId }, { reference: customerId });
  if (!terms || terms.status === 'closed') throw declined('This customer has no account with us.');
  if (currency && currency !== terms.currency)
    throw declined(`The account is kept in ${terms.currency}, and ${currency} was asked for.`);
  return terms;
}

/** Goods go to an address that was on record before the message came. */
function addressOf({ request: { shipTo } }: Order, { addresses }: Terms): Address {
  const address = shipTo === undefined ? addresses[0] : addresses.find(({ addressId }) => addressId === shipTo);
  if (!address) throw declined('The destination is none of the customer’s addresses on record.');
  return address;
}

/** Holds what is to leave now. Comes back with what there is where somebody else was faster. */
async function hold(order: Order, plan: Plan): Promise<Counted | undefined> {
  const lines = plan.filter(({ now }) => now > 0).map(({ sku, now }) => ({ sku, quantity: now }));
  if (lines.length === 0) return undefined;
  const { desk, request } = order;
  const { requestId, customerId } = request;
  const minutes = orderRules(desk).reservationMinutes;
  const undo = () => desk.step(releaseStock, { requestId, reason: REASON }, { leaves: 'a released reservation' });
  const options = undoneOnce(order, 'a stock reservation', undo);
  const { state, lines: counted } = await desk.step(reserveStock, { requestId, customerId, minutes, lines }, options);
  return state === 'short' ? counted : undefined;
}

async function price({ desk, request, message }: Order, plan: Plan, { currency }: Terms, to: Address): Promise<Offer> {
  const { requestId, customerId } = request;
  const { country, region } = to;
  const minutes = orderRules(desk).quoteMinutes;
  const asked = { requestId, customerId, currency, country, region, lines: [...plan], minutes, message };
  const { state, offer } = await desk.step(quotePrice, asked);
  if (!offer)
    throw declined(state === 'no-tax' ? `We don’t sell to ${country}.` : `Not all of it is sold in ${currency}.`);
  return offer;
}

/** People about the sum, then the customer about the whole offer. False where it ran out meanwhile. */
async function agree(order: Order, offer: Offer, plan: Plan, terms: Terms, { addressId }: Address): Promise<boolean> {
  const { desk, request } = order;
  const { totalMinor, currency, quoteId } = offer;
  const holds = () => Date.now() < Date.parse(offer.validUntil);
  const gated = whyGated(orderRules(desk), terms, totalMinor, currency);
  if (gated && !isAllowed(order, totalMinor)) {
    const asks = `Take an order for ${showMinor(totalMinor, currency)}? You decide, because ${gated}.`;
    const { requestId, customerId } = request;
    const money = { requestId, customerId, totalMinor, currency, why: gated };
    const facts = { quoteId, totalMinor, currency, gated, ...evidenceOf(desk, offer, terms) };
    const sum = await askAboutMoney(desk, 'createOrder', asks, facts, money);
    order.yeses = { ...order.yeses, sum };
    order.allowedMinor = totalMinor;
  }
  if (!holds()) return false;
  const agreement = agreementOf(offer, plan, addressId);
  if (agreement === order.agreed) return true;
  order.yeses = { ...order.yeses, offer: await askToConfirm(desk, request.customerId, offer, plan, addressId) };
  order.agreed = agreement;
  return holds();
}

/** What is ordered, at what prices, and what this customer owes and may owe. */
function evidenceOf({ release }: Case, offer: Offer, terms: Terms): Readonly<Record<string, unknown>> {
  if (!release.wholeEvidence) return {};
  const { lines, coupon, discountMinor, deliveryMinor, taxMinor, validUntil } = offer;
  const { status, creditLimitMinor, openMinor } = terms;
  return { lines, coupon, discountMinor, deliveryMinor, taxMinor, validUntil, status, creditLimitMinor, openMinor };
}

/** A yes is to one sum. Cases that began when it covered smaller ones too go on like that. */
const isAllowed = ({ desk, allowedMinor }: Order, totalMinor: number): boolean =>
  desk.release.answersChecked ? totalMinor === allowedMinor : totalMinor <= allowedMinor;

/** Nothing where quote or reservation ran out on the way. */
async function make(order: Order, { quoteId, totalMinor, currency }: Offer, to: Address): Promise<Ordered | undefined> {
  const { desk, request, message } = order;
  const { requestId, customerId, replaces = null } = request;
  const call = { requestId, customerId, quoteId, totalMinor, currency, shipTo: to.addressId, replaces, message };
  const takenBack = { customerId, order: requestId, forGood: true, reason: REASON };
  const undo = () => desk.step(takeBackOrder, takenBack, { leaves: 'a cancelled order' });
  const { sum, offer } = order.yeses;
  const options = { ...undoneOnce(order, 'an order', undo), approvals: [sum, offer].flatMap((yes) => yes ?? []) };
  const { state, orderId, refundedMinor } = await desk.step(createOrder, call, options);
  if (state === 'not-replaceable') throw declined('The order to be replaced is not there, or has left the house.');
  if (!orderId || (state !== 'created' && state !== 'back-ordered')) return undefined;
  return { outcome: state, orderId, totalMinor, currency, ...(replaces ? { refundedMinor } : {}) };
}

/** A later round holds, or orders, under the same request as the first: what undoes one undoes all. */
function undoneOnce({ undone }: Order, leaves: string, undo: () => Promise<unknown>): StepOptions {
  if (undone.has(leaves)) return {};
  undone.add(leaves);
  return { leaves, undo };
}
