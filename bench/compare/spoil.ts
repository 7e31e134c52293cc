import { z } from 'zod';
import * as pricing from '../../contracts/tools/pricing.ts';
import type { Fault, FaultKind, FourTool } from './cases.ts';

type Values = Record<string, unknown>;

const STRANGER = 'somebody-else';
const STRANGERS_ADDRESS = { addressId: 'warehouse', country: 'GB', region: null, lines: '3 Quay Street, Bristol' };
const FORMER_ADDRESS = { addressId: 'former-office', country: 'DE', region: null, lines: 'Ringweg 1, 04109 Leipzig' };
/** What a product has become dearer by since the price that is repeated, in the smallest unit. */
const RISE_MINOR = 1_000;

const LAMPS = { item: 'LAMP-01', quantity: 9, state: 'in-stock', sku: 'LAMP-01', available: 600, candidates: [] };
const LAMP_PRICE = { sku: 'LAMP-01', quantity: 9, unitMinor: 4_990, lineMinor: 44_910 };

/** What the tool says in place of its right answer. The work behind the right answer has been done. */
export function spoil({ tool, kind }: Fault, right: Values): Values {
  if (kind === 'malformed')
    return Object.fromEntries(Object.keys(right).map((name) => [name, { no: ['such', 'thing'] }]));
  if (kind === 'error-inside') return { error: { code: 'E-1042', message: 'the system is being looked after' } };
  return OTHERWISE[tool][kind === 'anothers' ? 'anothers' : 'stale'](right);
}

const Line = z.looseObject({ quantity: z.number() });
const Lines = z.object({ lines: z.array(Line) });

const OTHERWISE: Readonly<
  Record<FourTool, Readonly<Record<Extract<FaultKind, 'anothers' | 'stale'>, (right: Values) => Values>>>
> = {
  'crm.get_customer_data': {
    anothers: (right) => ({ ...withTerms(right, { addresses: [STRANGERS_ADDRESS] }), customer_id: STRANGER }),
    stale: (right) => ({ ...withTerms(right, { addresses: [FORMER_ADDRESS] }), readAt: anHourBefore(right['readAt']) }),
  },
  'inventory.check': {
    anothers: () => ({ requestId: STRANGER, lines: [LAMPS] }),
    stale: (right) => ({
      ...right,
      lines: Lines.parse(right).lines.map((line) => ({ ...line, state: 'in-stock', available: line.quantity + 5 })),
    }),
  },
  'pricing.quote': {
    anothers: (right) => ({
      ...withOffer(right, (offer) => ({
        ...offer,
        quoteId: 'quo-of-another',
        customerId: STRANGER,
        lines: [LAMP_PRICE],
        taxMinor: 0,
        deliveryMinor: 0,
        totalMinor: LAMP_PRICE.lineMinor,
      })),
      requestId: STRANGER,
    }),
    stale: (right) => withOffer(right, cheaper),
  },
  'orders.create': {
    anothers: (right) => ({ ...right, requestId: STRANGER, customerId: STRANGER, orderId: 'ord-of-another' }),
    stale: (right) => right,
  },
};

const anHourBefore = (instant: unknown): string => new Date(Date.parse(String(instant)) - 3_600_000).toISOString();

const withTerms = (right: Values, change: Values): Values => ({
  ...right,
  terms: { ...z.record(z.string(), z.unknown()).parse(right['terms']), ...change },
});

type Offer = NonNullable<z.output<typeof pricing.quotePrice.output>['offer']>;

function withOffer(right: Values, change: (offer: Offer) => Offer): Values {
  const { offer } = pricing.quotePrice.output.parse(right);
  return { ...right, offer: offer && change(offer) };
}

/** The same offer before its products became dearer; its parts add up. */
function cheaper(offer: Offer): Offer {
  const lines = offer.lines.map(({ unitMinor, quantity, ...line }) => {
    const before = unitMinor - RISE_MINOR;
    return { ...line, quantity, unitMinor: before, lineMinor: before * quantity };
  });
  const less = offer.lines.reduce((sum, { quantity }) => sum + quantity * RISE_MINOR, 0);
  return { ...offer, lines, totalMinor: offer.totalMinor - less };
}
