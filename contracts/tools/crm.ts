import { z } from 'zod';
import { defineTool } from '../tool.ts';

const CustomerRecord = z.strictObject({
  customerId: z.string().min(1).max(64),
  name: z.string().min(1).max(200),
  company: z.string().max(200).nullable(),
  email: z.email(),
  status: z.enum(['lead', 'active', 'closed']),
});

/** Finds who is writing. A lead is someone without an account; two who fit are an answer too, not an error. */
export const lookupCustomer = defineTool({
  name: 'crm.lookup_customer',
  purpose: 'Find the customer record that a request belongs to.',
  kind: 'read',
  input: z.strictObject({
    requestId: z.string().min(1).max(64),
    names: z.array(z.string().min(1).max(200)).max(5).describe('names of persons, as written'),
    companies: z.array(z.string().min(1).max(200)).max(5).describe('names of companies, as written'),
    emails: z.array(z.email()).max(5).describe('e-mail addresses, as written'),
  }),
  output: z.strictObject({
    requestId: z.string(),
    found: z.enum(['one', 'none', 'several']),
    /** Present where exactly one record fits. */
    customer: CustomerRecord.nullable(),
    /** Ids alone, for the person who has to choose. */
    candidates: z.array(z.string()).max(20),
  }),
  guarded: ['requestId'],
  personal: ['names', 'companies', 'emails', 'customer'],
  maxAnswerBytes: 64_000,
});

/** Writes into the CRM what has become of a customer. Said twice it is as said once. */
export const updateCustomer = defineTool({
  name: 'crm.update_customer',
  purpose: 'Set the status of a customer record.',
  kind: 'effect',
  input: z.strictObject({
    customerId: CustomerRecord.shape.customerId,
    status: CustomerRecord.shape.status,
  }),
  output: z.strictObject({ customerId: z.string(), status: CustomerRecord.shape.status }),
  guarded: ['customerId', 'status'],
  personal: [],
  maxAnswerBytes: 4000,
});
