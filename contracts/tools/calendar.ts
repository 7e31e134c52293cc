import { z } from 'zod';
import { defineTool } from '../tool.ts';

/** Books one meeting, in one of the offered slots. */
export const bookMeeting = defineTool({
  name: 'calendar.book',
  purpose: 'Book a follow-up meeting in one of the offered slots.',
  kind: 'effect',
  input: z.strictObject({
    accountId: z.string().min(1).max(64),
    attendees: z.array(z.email()).min(1).max(5),
    offered: z.array(z.iso.datetime()).min(1).max(10),
    startsAt: z.iso.datetime().describe('one of the offered slots'),
  }),
  output: z.strictObject({ eventId: z.string().min(1).max(120), startsAt: z.iso.datetime() }),
  guarded: ['accountId', 'attendees', 'offered'],
  personal: ['attendees'],
  maxAnswerBytes: 16_000,
});
