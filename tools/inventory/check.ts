import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import { type checkInventory, MOST_UNITS } from '../../contracts/tools/inventory.ts';
import type { Database } from '../database.ts';
import { folded } from '../words.ts';
import { heldByOthers } from './held.ts';

type Call = ToolInput<typeof checkInventory>;
type Answer = ToolOutput<typeof checkInventory>;
type Line = Answer['lines'][number];

interface Product {
  readonly sku: string;
  readonly name: string;
}

const MOST_CANDIDATES = 10;

/** Finds each product by its SKU, or by its name where only one has that name, and says how many there are to have. */
export async function checkStock(call: Call, database: Database, now: number): Promise<Answer> {
  const products = await database.selectFrom('products').selectAll().orderBy('sku').execute();
  const held = await heldByOthers(database, call.requestId, now);
  const onHand = new Map(products.map(({ sku, onHand: units }) => [sku, Number(units)]));
  const lines = call.lines.map(({ item, quantity }): Line => {
    const candidates = productsCalled(item, products);
    const [product] = candidates;
    const nothing = { item, quantity, sku: null, available: 0, candidates: [] };
    if (!product) return { ...nothing, state: 'unknown' };
    if (candidates.length > 1)
      return { ...nothing, state: 'ambiguous', candidates: candidates.map(({ sku }) => sku).slice(0, MOST_CANDIDATES) };
    const { sku } = product;
    const available = Math.max(0, (onHand.get(sku) ?? 0) - (held.get(sku) ?? 0));
    const found = { ...nothing, sku, available };
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MOST_UNITS)
      return { ...found, state: 'bad-quantity' };
    return { ...found, state: quantity <= available ? 'in-stock' : 'short' };
  });
  return { requestId: call.requestId, lines };
}

/** The one of this SKU; else those of exactly this name; else those whose name has all of its words. */
function productsCalled(item: string, products: readonly Product[]): readonly Product[] {
  const wanted = folded(item);
  const bySku = products.filter(({ sku }) => folded(sku) === wanted);
  if (bySku.length > 0) return bySku;
  const byName = products.filter(({ name }) => singular(name).join(' ') === singular(item).join(' '));
  if (byName.length > 0) return byName;
  const words = singular(item);
  return words.length === 0 ? [] : products.filter(({ name }) => words.every((word) => singular(name).includes(word)));
}

/** "Desk lamps" is what somebody calls two of a desk lamp. */
const singular = (text: string): string[] =>
  folded(text)
    .split(' ')
    .filter(Boolean)
    .map((word) => (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word));
