import { type Failure, fail } from '../contracts/failures.ts';
import type { ToolInput, ToolOutput } from '../contracts/tool.ts';
import type { quotePrice } from '../contracts/tools/pricing.ts';

type Call = ToolInput<typeof quotePrice>;
type Answer = ToolOutput<typeof quotePrice>;
type Offer = NonNullable<Answer['offer']>;

/** Why a price is not to be believed; it is no order's price then, whoever would confirm it. */
export function priceFault({ state, offer }: Answer, call: Call): Failure | undefined {
  const fault = (words: string): Failure =>
    fail('PricingFault', `The price cannot be right: ${words}.`, {
      requestId: call.requestId,
      quoteId: offer?.quoteId ?? null,
    });
  if ((state === 'quoted') !== (offer !== null)) return fault('it says one thing and offers another');
  if (!offer) return undefined;
  if (offer.customerId !== call.customerId) return fault('it is made for another customer');
  if (offer.currency !== call.currency) return fault(`it is in ${offer.currency}, and ${call.currency} was asked for`);
  if (linesOf(offer) !== linesAsked(call)) return fault('its lines are not those that were asked for');
  if (offer.lines.some(({ unitMinor }) => unitMinor === 0)) return fault('a product costs nothing');
  const words = whatDoesNotAddUp(offer);
  return words ? fault(words) : undefined;
}

const linesOf = ({ lines }: Offer): string =>
  lines
    .map(({ sku, quantity }) => `${sku} ${quantity}`)
    .sort()
    .join();

const linesAsked = ({ lines }: Call): string =>
  lines
    .map(({ sku, now, later }) => `${sku} ${now + later}`)
    .sort()
    .join();

function whatDoesNotAddUp({ lines, discountMinor, deliveryMinor, taxMinor, totalMinor }: Offer): string | undefined {
  if (lines.some(({ quantity, unitMinor, lineMinor }) => quantity * unitMinor !== lineMinor))
    return 'a line is not its quantity times its price';
  const goods = lines.reduce((sum, { lineMinor }) => sum + lineMinor, 0);
  if (discountMinor > goods) return 'the discount is more than the goods';
  const net = goods - discountMinor + deliveryMinor;
  if (taxMinor > net) return 'the tax is more than what is taxed';
  if (net + taxMinor !== totalMinor) return 'its parts do not add up to its total';
  if (!Number.isSafeInteger(totalMinor)) return 'the total is beyond counting';
  return undefined;
}
