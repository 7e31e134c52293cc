import { isCurrency, minorOf } from '../../contracts/amounts.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { matchReceipt, RECEIPT_FIELDS } from '../../contracts/tools/receipts.ts';
import { closeMerchants } from '../expenses/merchants.ts';

type Call = ToolInput<typeof matchReceipt>;
type Field = (typeof RECEIPT_FIELDS)[number];

/** What could not be read is unclear, whatever the rest says: a receipt proves only what can be read on it. */
export async function matchClaim(call: Call): Promise<ToolOutput<typeof matchReceipt>> {
  const { requestId, lineId } = call;
  const unread = fieldsThat((field) => readOf(call, field) === null);
  if (unread.length > 0) return { requestId, lineId, state: 'unclear', fields: unread };
  const different = fieldsThat((field) => !fits(call, field));
  return { requestId, lineId, state: different.length > 0 ? 'mismatch' : 'match', fields: different };
}

const FIELDS: readonly Field[] = ['merchant', 'date', 'amount', 'currency'];
const fieldsThat = (test: (field: Field) => boolean): Field[] => FIELDS.filter(test);

const readOf = (call: Call, field: Field): string | null => call[field === 'amount' ? 'total' : field];

function fits({ claimed, merchant, date, total, currency }: Call, field: Field): boolean {
  if (field === 'merchant') return closeMerchants(claimed.merchant, merchant ?? '');
  if (field === 'date') return claimed.date === date;
  if (field === 'currency') return claimed.currency === currency;
  // Of a currency that we do not know the sum cannot be compared, and the currency differs anyway.
  const known = currency !== null && isCurrency(currency) ? currency : claimed.currency;
  return minorOf(total ?? '', known) === claimed.amountMinor;
}
