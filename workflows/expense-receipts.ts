import { openReceipt, readReceipt } from '../agents/index.ts';
import { digestOfText } from '../contracts/digest.ts';
import { type ExpenseLine, RECEIPT_BYTES } from '../contracts/expense.ts';
import { excerpt } from '../contracts/text.ts';
import type { Case } from './case.ts';
import { confidenceOfLast } from './expense-confidence.ts';

/** What came of a line's receipt. */
export interface ReadReceipt {
  readonly state: 'match' | 'mismatch' | 'unclear' | 'missing';
  /** Tells the same receipt again, however it is spaced. */
  readonly digest: string | null;
  readonly confidence: number;
}

/** The receipt of a line, held against what the line claims. A PDF is opened by a tool first, and a text is there. */
export async function receiptOf(host: Case, requestId: string, line: ExpenseLine): Promise<ReadReceipt> {
  const { lineId, receipt, merchant, date, amountMinor, currency } = line;
  if (!receipt) return { state: 'missing', digest: null, confidence: 1 };
  const text = 'text' in receipt ? receipt.text : await textOf(host, requestId, lineId, receipt.pdf);
  const digest = digestOfText('text' in receipt ? withoutSpaces(receipt.text) : receipt.pdf);
  if (text.trim() === '') return { state: 'unclear', digest, confidence: 1 };
  const { state } = await host.step(readReceipt, {
    requestId,
    lineId,
    merchant,
    date,
    amountMinor,
    currency,
    receiptText: excerpt(withoutComments(text), RECEIPT_BYTES),
  });
  return { state, digest, confidence: confidenceOfLast(host) };
}

/** Nothing where there is nothing to be read in it. */
async function textOf(host: Case, requestId: string, lineId: string, pdf: string): Promise<string> {
  const { state, text } = await host.step(openReceipt, { requestId, lineId, pdf });
  return state === 'read' ? text : '';
}

const withoutSpaces = (text: string): string => text.replace(/\s+/g, '');

/** Structured invoices begin with pages of notes on their format. */
const withoutComments = (text: string): string => text.replace(/<!--[\s\S]*?-->/g, '');
