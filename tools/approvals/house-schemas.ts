/** The JSON Schemas of the house. A change is a new version under a new name, since running cases name theirs. */

const text = { type: 'string', minLength: 1, maxLength: 2000 };
const name = { type: 'string', minLength: 1, maxLength: 200 };
const number = { type: 'string', minLength: 1, maxLength: 80 };
const date = { type: 'string', pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' };
const currency = { type: 'string', pattern: '^[A-Z]{3}$' };
const decimal = { type: 'string', pattern: '^-?[0-9]{1,12}([.][0-9]+)?$' };
const closed = { type: 'object', additionalProperties: false };
const open = { type: 'object', additionalProperties: true };

export const INVOICE = {
  ...closed,
  required: ['number', 'date', 'supplier', 'currency', 'total', 'lines'],
  properties: {
    number,
    date,
    dueDate: date,
    supplier: name,
    buyer: name,
    currency,
    total: { type: 'number' },
    lines: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        ...closed,
        required: ['description', 'total'],
        properties: { description: text, quantity: { type: 'number' }, total: { type: 'number' } },
      },
    },
    notes: text,
  },
};

/** What programs that read scanned invoices put out: a list with one record. */
export const EXTRACTED_INVOICE = {
  type: 'array',
  minItems: 1,
  maxItems: 1,
  items: {
    ...open,
    required: ['issuer', 'invoice_number', 'date', 'amount'],
    properties: {
      issuer: name,
      invoice_number: { type: ['string', 'number'], minLength: 1, maxLength: 80 },
      date,
      amount: { type: 'number' },
      currency,
    },
  },
};

/** The part of the UN's Cross Industry Invoice, as EN 16931 uses it, that an approval goes by. */
export const CROSS_INDUSTRY_INVOICE = {
  ...open,
  required: ['ExchangedDocument', 'SupplyChainTradeTransaction'],
  properties: {
    ExchangedDocument: {
      ...open,
      required: ['ID', 'TypeCode', 'IssueDateTime'],
      properties: {
        ID: number,
        TypeCode: { type: 'string', pattern: '^[0-9]{3}$' },
        IssueDateTime: {
          ...open,
          required: ['DateTimeString'],
          properties: { DateTimeString: { type: 'string', pattern: '^[0-9]{8}$' } },
        },
      },
    },
    SupplyChainTradeTransaction: {
      ...open,
      required: [
        'IncludedSupplyChainTradeLineItem',
        'ApplicableHeaderTradeAgreement',
        'ApplicableHeaderTradeSettlement',
      ],
      properties: {
        IncludedSupplyChainTradeLineItem: { type: 'array', minItems: 1, maxItems: 1000, items: open },
        ApplicableHeaderTradeAgreement: {
          ...open,
          required: ['SellerTradeParty', 'BuyerTradeParty'],
          properties: {
            SellerTradeParty: { ...open, required: ['Name'], properties: { Name: name } },
            BuyerTradeParty: { ...open, required: ['Name'], properties: { Name: name } },
          },
        },
        ApplicableHeaderTradeSettlement: {
          ...open,
          required: ['InvoiceCurrencyCode', 'SpecifiedTradeSettlementHeaderMonetarySummation'],
          properties: {
            InvoiceCurrencyCode: currency,
            SpecifiedTradeSettlementHeaderMonetarySummation: {
              ...open,
              required: ['GrandTotalAmount', 'DuePayableAmount'],
              properties: { GrandTotalAmount: decimal, DuePayableAmount: decimal },
            },
          },
        },
      },
    },
  },
};

export const CONTRACT = {
  ...closed,
  required: ['number', 'title', 'parties', 'startDate', 'clauses'],
  dependentRequired: { value: ['currency'], currency: ['value'] },
  properties: {
    number,
    title: name,
    parties: { type: 'array', minItems: 2, maxItems: 20, items: name },
    startDate: date,
    endDate: date,
    currency,
    value: { type: 'number' },
    clauses: {
      type: 'array',
      minItems: 1,
      maxItems: 300,
      items: {
        ...closed,
        required: ['heading', 'text'],
        properties: { heading: name, text: { ...text, maxLength: 10_000 } },
      },
    },
  },
};
