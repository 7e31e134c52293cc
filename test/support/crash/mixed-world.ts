import { z } from 'zod';
import { World } from '../../../outside/world.ts';
import { exampleWorld } from '../examples.ts';

const MOST_UNITS = 10_000;
const MUCH_CREDIT_MINOR = 1_000_000_000;
const Content = z.looseObject({ number: z.string() });

/** The invoice number `number` of many that wait for one approver each. */
export const paperOf = (number: number): string => `INV-${90_000 + number}`;

/** The world of the examples, with so many papers and so much in stock that no case meets what another one has done. */
export function plentifulWorld(papers: number): World {
  const { shop, papers: known = [], ...rest } = exampleWorld();
  const invoice = known.find(({ document }) => document === 'INV-2044');
  if (!invoice || !shop) throw new Error('the examples have changed');
  const content = Content.parse(JSON.parse(invoice.content));
  const more = Array.from({ length: papers }, (_, at) => ({
    ...invoice,
    document: paperOf(at + 1),
    content: { ...content, number: String(90_000 + at + 1) },
  }));
  return World.parse({
    ...rest,
    shop: {
      ...shop,
      products: shop.products.map((product) => ({ ...product, onHand: MOST_UNITS })),
      terms: shop.terms.map((terms) => ({ ...terms, creditLimitMinor: MUCH_CREDIT_MINOR })),
    },
    papers: [...known, ...more],
  });
}
