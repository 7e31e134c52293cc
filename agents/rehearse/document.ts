/** Reads nothing yet: a person supplies the arguments. */
export const rehearseDocument = (_: unknown) => ({ arguments: {}, confidence: 0, reasoning: 'No rule reads this yet.' });
