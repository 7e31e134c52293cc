import { z } from 'zod';
import { PlannedLine } from '../../contracts/tools/pricing.ts';
import type { Database } from '../../tools/database.ts';
import { idOf, RIGHT_ADDRESS, type Scenario, type SideName } from './cases.ts';
import type { Ended } from './side.ts';

/**
 * What is wrong in the world once an order has ended, in words; nothing where all is as it should be. It is read from the
 * systems of record, and held against what the customer asked for and against what the side says.
 */
export async function wrongEffects(
  database: Database,
  side: SideName,
  scenario: Scenario,
  { says }: Pick<Ended, 'says'>,
): Promise<string[]> {
  const id = idOf(side, scenario);
  const made = await database.selectFrom('orders').selectAll().where('requestId', '=', id).execute();
  const standing = made.filter(({ state }) => state === 'created' || state === 'back-ordered');
  const wrong = standing.flatMap(({ customerId, shipTo, lines }) => [
    ...(customerId === id ? [] : ['an order of another customer']),
    ...(shipTo === RIGHT_ADDRESS ? [] : ['an order to a wrong address']),
    ...(isWanted(lines, scenario) ? [] : ['an order of wrong things']),
  ]);
  if (standing.length > 1) wrong.push('a second order');
  if (standing.length > 0 && says === 'no order') wrong.push('an order that is said not to be there');
  if (standing.length === 0 && says === 'order') wrong.push('no order, and it is said to be there');
  const held = await database
    .selectFrom('reservations')
    .select('requestId')
    .where('requestId', '=', id)
    .where('state', '=', 'held')
    .execute();
  if (held.length > 0) wrong.push('stock held for nobody');
  return wrong;
}

function isWanted(lines: string, { wants }: Scenario): boolean {
  const ordered = z.array(PlannedLine).parse(JSON.parse(lines));
  const units = ordered.map(({ sku, now, later }) => `${sku} ${now + later}`);
  const wanted = Object.entries(wants).map(([sku, quantity]) => `${sku} ${quantity}`);
  return units.sort().join() === wanted.sort().join();
}
