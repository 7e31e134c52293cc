import type { HouseSchema } from '../../contracts/documents.ts';

interface SchemaInput {
  readonly doc_id: string;
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

/** The kind that the note speaks of most; the document's name decides where it says nothing. */
export function rehearseSchema({ doc_id, note, schemas }: SchemaInput) {
  const counted = schemas.map((schema) => ({
    schema,
    said: note.match(WORDS[schema])?.length ?? 0,
    named: NAMES[schema].test(doc_id),
  }));
  const [best, next] = counted.sort((one, other) => other.said - one.said || Number(other.named) - Number(one.named));
  const schema = best?.schema ?? 'invoice-1';
  const clear = best !== undefined && best.said > (next?.said ?? 0);
  const confidence = clear ? (best.named || !next?.named ? 0.95 : 0.75) : best?.named ? 0.8 : 0.5;
  return {
    arguments: { schema },
    confidence,
    reasoning: clear
      ? 'The note speaks of this kind of document.'
      : best?.named
        ? 'The note does not say, and the name of the document does.'
        : 'Neither the note nor the name says what it is.',
  };
}
