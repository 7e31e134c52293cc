import type { OrderRequest } from '../../contracts/orders.ts';
import type { Shop } from '../../outside/shop.ts';

export const SIDES = ['governor', 'loop'] as const;
export type SideName = (typeof SIDES)[number];

/** The order desk's four tools, as both sides know them. */
export const FOUR = ['crm.get_customer_data', 'inventory.check', 'pricing.quote', 'orders.create'] as const;
export type FourTool = (typeof FOUR)[number];

/** `anothers`: well-formed, about somebody else. `stale`: about the right one, as it was before. */
export const FAULTS = ['malformed', 'error-inside', 'time-out', 'anothers', 'stale'] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  readonly tool: FourTool;
  readonly kind: FaultKind;
}

/** One order, and what goes wrong on its way; nothing where `fault` is missing. */
export interface Scenario {
  readonly name: string;
  readonly fault?: Fault;
  readonly message: string;
  /** What a right order holds; empty where the right end is no order. */
  readonly wants: Readonly<Record<string, number>>;
}

/** The destination of every right order. */
export const RIGHT_ADDRESS = 'office';

const MESSAGE =
  'Hello,\n\nplease send us:\n- 2 x DESK-160\n- 4 x CHAIR-02\n\nPlease leave it at the reception.\n\nBest regards,\nPetra';
const SOLD_OUT = 'Hello,\n\nplease send us:\n- 2 x CLOCK-07\n\nBest regards,\nPetra';
const WANTS = { 'DESK-160': 2, 'CHAIR-02': 4 };

/** An order that was not there before cannot be stale. */
const makesSense = ({ tool, kind }: Fault): boolean => !(tool === 'orders.create' && kind === 'stale');

const scenarioOf = (fault: Fault): Scenario => {
  const soldOut = fault.tool === 'inventory.check' && fault.kind === 'stale';
  return {
    name: `${fault.tool}-${fault.kind}`,
    fault,
    message: soldOut ? SOLD_OUT : MESSAGE,
    wants: soldOut ? {} : WANTS,
  };
};

/** A clean order, and one for each fault of each tool. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'clean', message: MESSAGE, wants: WANTS },
  ...FOUR.flatMap((tool) => FAULTS.map((kind): Fault => ({ tool, kind })))
    .filter(makesSense)
    .map(scenarioOf),
];

/** Each order has a customer of its own, of the same id: so every call tells by itself which order it is for. */
export const idOf = (side: SideName, { name }: Scenario): string => `${side}-${name}`;

export const requestOf = (side: SideName, scenario: Scenario): OrderRequest => {
  const id = idOf(side, scenario);
  return { requestId: id, requestedBy: 'web-shop', customerId: id, message: scenario.message };
};

const product = (sku: string, name: string, onHand: number, EUR: number) => ({ sku, name, onHand, prices: { EUR } });

/** A shop in which all customers trade on the same terms. */
export const shopFor = (scenarios: readonly Scenario[]): Shop => ({
  products: [
    product('DESK-160', 'Walnut desk', 400, 44_900),
    product('CHAIR-02', 'Oak chair', 900, 12_900),
    product('LAMP-01', 'Desk lamp', 600, 4_990),
    product('CLOCK-07', 'Station clock', 0, 23_900),
  ],
  coupons: [],
  terms: SIDES.flatMap((side) =>
    scenarios.map((scenario) => ({
      customerId: idOf(side, scenario),
      status: 'active' as const,
      currency: 'EUR',
      creditLimitMinor: 2_000_000,
      openMinor: 0,
      addresses: [
        { addressId: RIGHT_ADDRESS, country: 'DE', region: null, lines: 'Lindenallee 12, 04109 Leipzig' },
        { addressId: 'branch', country: 'FR', region: null, lines: '8 rue du Moulin, 67000 Strasbourg' },
      ],
    })),
  ),
  orders: [],
});
