import { rehearseDeliveryNote } from '../../agents/rehearse/delivery-note.ts';
import { rehearseOrderLines } from '../../agents/rehearse/order-lines.ts';
import { rehearseTerms } from '../../agents/rehearse/order-terms.ts';
import type { OrderRequest } from '../../contracts/orders.ts';
import type { ToolOutput } from '../../contracts/tool.ts';
import type * as crm from '../../contracts/tools/customer-data.ts';
import type * as inventory from '../../contracts/tools/inventory.ts';
import type * as orders from '../../contracts/tools/orders.ts';
import type * as pricing from '../../contracts/tools/pricing.ts';
import { FOUR, type FourTool } from './cases.ts';

type Values = Readonly<Record<string, unknown>>;

/** One call of the loop, and what came back into the conversation. */
export interface Exchange {
  readonly tool: FourTool;
  readonly call: Values;
  readonly answer?: Values;
  /** Set where there was no answer that fits the contract. */
  readonly error?: string;
}

export type Move =
  | { readonly kind: 'call'; readonly tool: FourTool; readonly call: Values }
  | { readonly kind: 'stop'; readonly says: 'order' | 'no order'; readonly blames?: FourTool; readonly words: string };

/** What the loop is told of an order, and when that came. */
export type LoopRequest = OrderRequest & { readonly receivedAt: string };

/** What is assumed of the model that runs the loop; docs/comparison.md says why. */
export interface Habits {
  /** So often it calls a tool that fails before it goes on with what it has. */
  readonly stubborn: number;
  /**
   * It reads closely: compares the ids in an answer with those that it asked about, and its time with that of the
   * request, and takes another's answer and an old one for an error; and it understands a refused order that says that
   * there is one already.
   */
  readonly wary: boolean;
  /** Where the customer's record cannot be had, it makes up what is in it and goes on. */
  readonly guesses: boolean;
  /** What runs it gives each tool one idempotency key for each request, as Governor does; else each call has its own. */
  readonly keyed: boolean;
}

/** What is made up where the customer's record cannot be had. */
const GUESS = { currency: 'EUR', country: 'DE', region: null, shipTo: 'default' };

/**
 * The next step of the loop, read from the conversation alone. The judgement in it is that of the agents' own rules; the
 * rest is copied from earlier answers, as a model would.
 */
export function nextMove(request: LoopRequest, talk: readonly Exchange[], habits: Habits): Move {
  const known = recall(talk, habits, request.receivedAt);
  const open = (tool: FourTool): boolean => !known.has(tool) && known.tries(tool) < habits.stubborn;
  const state = { request, known, open, habits };
  return learnTerms(state) ?? learnStock(state) ?? learnPrice(state) ?? makeOrder(state);
}

interface State {
  readonly request: OrderRequest;
  readonly known: ReturnType<typeof recall>;
  /** True while the tool has not answered and is worth another try. */
  readonly open: (tool: FourTool) => boolean;
  readonly habits: Habits;
}

function learnTerms({ request, known, open, habits }: State): Move | undefined {
  if (open('crm.get_customer_data')) return call('crm.get_customer_data', { customer_id: request.customerId });
  if (known.terms === null || known.terms?.status === 'closed') return stop('This customer has no account.', known);
  return known.terms || habits.guesses ? undefined : stop('Nobody can say where it goes.', known);
}

function learnStock({ request: { requestId, message }, known, open }: State): Move | undefined {
  const lines = wishesOf(message);
  if (lines.length === 0) return stop('Nothing is ordered.', known);
  if (open('inventory.check')) return call('inventory.check', { requestId, lines });
  const isShort = known.stock?.some(({ state }) => state !== 'in-stock');
  return isShort ? stop('Not all of it can be sent.', known) : undefined;
}

function learnPrice({ request, known, open }: State): Move | undefined {
  const { requestId, customerId, message } = request;
  const { currency, country, region } = placeOf(request, known.terms);
  // Without word of the stock it orders what is written.
  const found = known.stock ?? wishesOf(message).map(({ item, quantity }) => ({ sku: item, quantity }));
  const lines = found.map(({ sku, quantity }) => ({ sku, now: quantity, later: 0 }));
  const asked = { requestId, customerId, currency, country, region, lines, minutes: 60 };
  if (open('pricing.quote')) return call('pricing.quote', { ...asked, ...rehearseTerms(message).arguments });
  return known.offer ? undefined : stop('There is no price.', known);
}

function makeOrder({ request, known, open }: State): Move {
  const { requestId, customerId, message } = request;
  const { currency, shipTo } = placeOf(request, known.terms);
  const { quoteId, totalMinor } = known.offer ?? {};
  const { deliveryNote } = rehearseDeliveryNote(message).arguments;
  const order = { requestId, customerId, quoteId, totalMinor, currency, shipTo, replaces: null, deliveryNote };
  if (known.ordered) return { kind: 'stop', says: 'order', words: 'The order is made.' };
  return open('orders.create') ? call('orders.create', order) : stop('No order was made.', known);
}

const wishesOf = (message: string) => rehearseOrderLines(message).arguments.lines ?? [];

const call = (tool: FourTool, args: Values): Move => ({ kind: 'call', tool, call: args });

/** It names the tool that failed last, if one did and was not made good. */
function stop(words: string, { failing }: ReturnType<typeof recall>): Move {
  return failing
    ? { kind: 'stop', says: 'no order', blames: failing, words: `${words} ${failing} failed.` }
    : { kind: 'stop', says: 'no order', words };
}

/** What the conversation holds: the last good answer of each tool, and which tool failed last without one. */
function recall(talk: readonly Exchange[], habits: Habits, since: string) {
  const isStrange = (exchange: Exchange): boolean => isAnothers(exchange) || isOld(exchange, since);
  const good = (exchange: Exchange): boolean => exchange.answer !== undefined && !(habits.wary && isStrange(exchange));
  const last = (tool: FourTool): Values | undefined => talk.findLast((one) => one.tool === tool && good(one))?.answer;
  const has = (tool: FourTool): boolean => last(tool) !== undefined;
  const [record, stock, price, made] = FOUR.map(last);
  const state = (made as ToolOutput<typeof orders.createOrder> | undefined)?.state;
  return {
    has,
    tries: (tool: FourTool): number => talk.filter((one) => one.tool === tool).length,
    terms: (record as ToolOutput<typeof crm.getCustomerData> | undefined)?.terms,
    stock: (stock as ToolOutput<typeof inventory.checkInventory> | undefined)?.lines,
    offer: (price as ToolOutput<typeof pricing.quotePrice> | undefined)?.offer,
    ordered: state === 'created' || state === 'back-ordered' || (habits.wary && talk.some(saysThereIsOne)),
    failing: talk.findLast((one) => !good(one) && !has(one.tool))?.tool,
  };
}

const saysThereIsOne = ({ tool, error = '' }: Exchange): boolean =>
  tool === 'orders.create' && error.includes('has made its order');

const isAnothers = ({ call: asked, answer = {} }: Exchange): boolean =>
  ['requestId', 'customer_id', 'customerId'].some(
    (name) => name in asked && name in answer && asked[name] !== answer[name],
  );

/** Clocks may differ by as much as on the other side. */
const SKEW_MS = 5_000;

const isOld = ({ answer = {} }: Exchange, since: string): boolean =>
  typeof answer['readAt'] === 'string' && Date.parse(answer['readAt']) < Date.parse(since) - SKEW_MS;

function placeOf({ shipTo, currency }: OrderRequest, terms: ReturnType<typeof recall>['terms']) {
  const address = terms?.addresses.find(({ addressId }) => addressId === shipTo) ?? terms?.addresses[0];
  if (!terms || !address) return { ...GUESS, currency: currency ?? GUESS.currency, shipTo: shipTo ?? GUESS.shipTo };
  const { country, region, addressId } = address;
  return { currency: terms.currency, country, region, shipTo: addressId };
}
