import { composed, fold, hasCue } from './words.ts';

const FOR_THE_CARRIER = [
  'leave it',
  'leave the parcel',
  'leave them',
  'ring the bell',
  'ring twice',
  'the driver',
  'the carrier',
  'neighbour',
  'neighbor',
  'reception',
  'loading dock',
  'the gate',
  'back door',
  'abstellen',
  'nachbar',
  'klingeln',
];
/** A sentence that is about money, other addresses or a machine is no carrier's business. */
const NOT_THEIRS = [
  'instead',
  'ship to',
  'ignore',
  'instruction',
  'system:',
  'http',
  'www.',
  '@',
  'refund',
  'free of charge',
];
const MOST = 200;

/** The sentences that are meant for whoever brings the parcel, in the customer's words. */
export function rehearseDeliveryNote(message: string) {
  const sentences = composed(message)
    .split(/(?<=[.!?])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter(
      (sentence) => hasCue(fold(sentence), FOR_THE_CARRIER) && !NOT_THEIRS.some((cue) => fold(sentence).includes(cue)),
    );
  const deliveryNote = sentences.join(' ');
  const fits = deliveryNote.length <= MOST;
  return {
    arguments: { deliveryNote: fits ? deliveryNote : (sentences.find(({ length }) => length <= MOST) ?? '') },
    confidence: fits ? 0.95 : 0.75,
    reasoning: deliveryNote
      ? 'The customer asks something of the carrier.'
      : 'The customer asks nothing of the carrier.',
  };
}
