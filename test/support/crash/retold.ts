import { z } from 'zod';

/** Examples told anew, so that no case meets what another one has done. */
export type Input = Readonly<Record<string, unknown>>;

const Claim = z.object({ lines: z.array(z.looseObject({ receipt: z.object({ text: z.string() }) })) });

/** A name in small letters for each number: digits in a message could be taken for quantities. */
const nameOf = (number: number): string => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

/** The same receipt under another report is the same claim, whoever sends it. */
export function retellExpense(input: Input, number: number): Input {
  const employee = `emp.${nameOf(number)}`;
  const lines = Claim.parse(input).lines.map(({ receipt, ...line }) => ({
    ...line,
    receipt: { text: `${receipt.text}Served by ${nameOf(number)}\n` },
  }));
  return { ...input, employee, requestedBy: employee, lines };
}

export const retellTicket = (input: Input, number: number): Input => ({
  ...input,
  messageId: `<${nameOf(number)}@mail.example>`,
  sender: `Petra Anselm <${nameOf(number)}@anselm.example>`,
});
