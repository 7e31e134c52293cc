import type { DocumentKind, DocumentSubject, HouseSchema } from '../../contracts/documents.ts';
import { toMinor } from './amounts.ts';
import { CONTRACT, CROSS_INDUSTRY_INVOICE, EXTRACTED_INVOICE, INVOICE } from './house-schemas.ts';

/** One of the forms in which a kind of document comes. */
export interface Layout {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
  /** What of the data the schema is about. */
  readonly part: (data: unknown) => unknown;
  /** What approvals go by. Only for what the schema takes. */
  readonly subject: (data: unknown) => DocumentSubject;
  /** What no schema can say: paths and problems. */
  readonly sums?: (data: unknown) => readonly (readonly [string, string])[];
}

interface Line {
  readonly total: number;
}
interface PlainInvoice {
  readonly number: string;
  readonly currency: string;
  readonly total: number;
  readonly lines: readonly Line[];
}
interface ExtractedInvoice {
  readonly invoice_number: string | number;
  readonly currency?: string;
  readonly amount: number;
}
interface Contract {
  readonly number: string;
  readonly currency?: string;
  readonly value?: number;
}
interface CrossIndustry {
  readonly ExchangedDocument: { readonly ID: string };
  readonly SupplyChainTradeTransaction: {
    readonly ApplicableHeaderTradeSettlement: {
      readonly InvoiceCurrencyCode: string;
      readonly SpecifiedTradeSettlementHeaderMonetarySummation: { readonly GrandTotalAmount: string };
    };
  };
}

const subjectOf = (
  kind: DocumentKind,
  number: string | number,
  currency: string | undefined,
  amount: string | number | undefined,
): DocumentSubject => ({
  kind,
  number: String(number).slice(0, 80),
  currency: currency ?? null,
  amountMinor: currency === undefined || amount === undefined ? null : (toMinor(amount, currency) ?? null),
});

const settlementOf = (data: unknown) =>
  (data as CrossIndustry).SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement;

/** The amount has to be one of its currency, since who approves goes by it. */
const uncounted = (subject: DocumentSubject, path: string): readonly (readonly [string, string])[] =>
  subject.currency !== null && subject.amountMinor === null ? [[path, `is no amount of ${subject.currency}`]] : [];

const plainInvoice: Layout = {
  name: 'invoice',
  schema: INVOICE,
  part: (data) => fieldOf(data, 'invoice') ?? data,
  subject: (data) => {
    const { number, currency, total } = data as PlainInvoice;
    return subjectOf('invoice', number, currency, total);
  },
  sums: (data) => {
    const { total, currency, lines } = data as PlainInvoice;
    const wrong = uncounted(plainInvoice.subject(data), '/total');
    if (wrong.length > 0) return wrong;
    const each = lines.map((line) => toMinor(line.total, currency));
    const bad = each.indexOf(undefined);
    if (bad >= 0) return [[`/lines/${bad}/total`, `is no amount of ${currency}`]];
    const sum = each.reduce<number>((all, amount) => all + (amount ?? 0), 0);
    return sum === toMinor(total, currency) ? [] : [['/total', 'is not the sum of the lines']];
  },
};

const extractedInvoice: Layout = {
  name: 'extracted invoice',
  schema: EXTRACTED_INVOICE,
  part: (data) => data,
  subject: (data) => {
    const [first] = data as readonly ExtractedInvoice[];
    return subjectOf('invoice', first?.invoice_number ?? '', first?.currency, first?.amount);
  },
  sums: (data) => uncounted(extractedInvoice.subject(data), '/0/amount'),
};

const crossIndustryInvoice: Layout = {
  name: 'cross-industry invoice',
  schema: CROSS_INDUSTRY_INVOICE,
  part: (data) => fieldOf(data, 'CrossIndustryInvoice'),
  subject: (data) => {
    const { InvoiceCurrencyCode: currency, SpecifiedTradeSettlementHeaderMonetarySummation: sums } = settlementOf(data);
    return subjectOf('invoice', (data as CrossIndustry).ExchangedDocument.ID, currency, sums.GrandTotalAmount);
  },
  sums: (data) => uncounted(crossIndustryInvoice.subject(data), '/…/GrandTotalAmount'),
};

const plainContract: Layout = {
  name: 'contract',
  schema: CONTRACT,
  part: (data) => fieldOf(data, 'contract') ?? data,
  subject: (data) => {
    const { number, currency, value } = data as Contract;
    return subjectOf('contract', number, currency, value);
  },
  sums: (data) => ((data as Contract).value === undefined ? [] : uncounted(plainContract.subject(data), '/value')),
};

/** The form that a document of the kind seems to have. */
export function layoutFor(schema: HouseSchema, data: unknown): Layout {
  if (schema === 'contract-1') return plainContract;
  if (fieldOf(data, 'CrossIndustryInvoice') !== undefined) return crossIndustryInvoice;
  return Array.isArray(data) ? extractedInvoice : plainInvoice;
}

function fieldOf(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || !Object.hasOwn(data, name)) return undefined;
  return (data as Record<string, unknown>)[name];
}
