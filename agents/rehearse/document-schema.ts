import type { HouseSchema } from '../../contracts/documents.ts';

interface SchemaInput {
  readonly docId: string;
  readonly note: string;
  readonly schemas: readonly HouseSchema[];
}

/** Words that people use for each kind, in the languages of the house. */
const WORDS: Readonly<Record<HouseSchema, RegExp>> = {
  'invoice-1': /\b(invoice|bill|credit note|rechnung|gutschrift|facture|avoir|factura|faktura|xrechnung|zugferd)\w*/giu,
  'contract-1': /\b(contract|agreement|lease|nda|vertrag|vereinbarung|contrat|contrato|umowa)\w*/giu,
};
const NAMES: Readonly<Record<HouseSchema, RegExp>> = {
  'invoice-1': /^(inv|bill|re|cn)[-_.]/i,
  'contract-1': /^(con|ctr|nda|lease|agr)[-_.]/i,
};

/** The kind that the note speaks of most; the document's name decides where it says nothing. Of one there is no choice. */
export function rehearseSchema({ docId, note, schemas }: SchemaInput) {
  const [only, ...others] = schemas;
  if (only && others.length === 0) return reading(only, 0.95, 'There is only one schema to take.');
  const counted = schemas
    .map((schema) => ({
      schema,
      said: note.match(WORDS[schema])?.length ?? 0,
      named: NAMES[schema].test(docId),
    }))
    .sort((one, other) => other.said - one.said || Number(other.named) - Number(one.named));
  const [best, next] = counted;
  if (!best || (best.said === (next?.said ?? 0) && !best.named))
    return reading(best?.schema ?? 'invoice-1', 0.5, 'Neither the note nor the name says what it is.');
  if (best.said === next?.said)
    return reading(best.schema, 0.8, 'The note does not say, and the name of the document does.');
  return reading(best.schema, next?.named ? 0.75 : 0.95, 'The note speaks of this kind of document.');
}

const reading = (schema: HouseSchema, confidence: number, reasoning: string) => ({
  arguments: { schema },
  confidence,
  reasoning,
});
