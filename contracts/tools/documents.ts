import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Renders a welcome kit as PDF and keeps it under the hash of its content. */
export const generateDocument = defineTool({
  name: 'documents.generate',
  purpose: 'Render a structured document as PDF and store it.',
  kind: 'effect',
  input: z.strictObject({
    accountId: z.string().min(1).max(64),
    customerName: z.string().min(1).max(200),
    language: z.enum(['en', 'de', 'fr', 'es', 'pl', 'el', 'uk']),
    salutation: z.enum(['formal', 'friendly']),
    sections: z
      .array(z.strictObject({ heading: z.string().min(1).max(120), body: z.string().min(1).max(1500) }))
      .min(1)
      .max(8),
  }),
  output: z.strictObject({
    documentId: z.string().regex(/^sha256-[0-9a-f]{64}$/),
    accountId: z.string(),
    bytes: z.int().positive(),
    pages: z.int().positive(),
  }),
  guarded: ['accountId', 'customerName'],
  outgoing: ['sections'],
  personal: ['customerName', 'sections'],
  maxAnswerBytes: 16_000,
});
