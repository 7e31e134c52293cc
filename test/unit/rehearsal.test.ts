import { describe, expect, test } from 'vitest';
import { exampleWorld, validExamples } from '../support/examples.ts';
import { checkReading } from '../support/rehearsal-truth.ts';
import { rewrite } from '../support/rewrite-world.ts';

const examples = validExamples();
const world = exampleWorld();

describe('what the embedded model reads from an example finds its customer and passes its registry (PF-44)', () => {
  test.each(Object.entries(examples))('%s', (name, input) => checkReading(name, input, world));
});

describe('no canned answers: it holds for other people, dates, amounts and another order of sentences (PF-44)', () => {
  const seeds = Array.from({ length: 30 }, (_, seed) => seed + 1);

  test.each(seeds)('seed %i', async (seed) => {
    const rewritten = rewrite(seed, examples, world);
    for (const [name, input] of Object.entries(rewritten.inputs)) await checkReading(name, input, rewritten.world);
  });

  test('a rewritten world shares no name, address, number or birth date with the old one', () => {
    const { world: made, inputs } = rewrite(1, examples, world);
    for (const [index, customer] of world.customers.entries()) {
      expect(made.customers[index]?.customerId).toBe(customer.customerId);
      expect(made.customers[index]?.name).not.toBe(customer.name);
      expect(made.customers[index]?.email).not.toBe(customer.email);
    }
    for (const [index, document] of world.documents.entries()) {
      expect(made.documents[index]?.number).not.toBe(document.number);
      expect(made.documents[index]?.birthDate).not.toBe(document.birthDate);
    }
    const text = JSON.stringify(inputs);
    for (const { name, email } of world.customers) expect(text.includes(name) || text.includes(email)).toBe(false);
  });

  test('the same seed rewrites alike, another one differently', () => {
    expect(rewrite(7, examples, world)).toMatchObject({ inputs: rewrite(7, examples, world).inputs });
    expect(rewrite(7, examples, world).inputs).not.toEqual(rewrite(8, examples, world).inputs);
  });
});
