import { z } from 'zod';
import { fail } from '../contracts/failures.ts';
import { EXCERPT_BYTES, textWithin } from '../contracts/text.ts';
import * as calendar from '../contracts/tools/calendar.ts';
import { defineAgent } from './define-agent.ts';
import { rehearseSlot } from './rehearse/slot.ts';

/** Chooses one of the offered slots by what the customer wrote, and books it. */
export const bookFollowUp = defineAgent({
  name: 'bookFollowUp',
  purpose: 'Book the first meeting at a time that suits the customer.',
  tier: 'fast',
  stakes: 'normal',
  input: z.strictObject({
    accountId: z.string().min(1).max(64),
    attendee: z.email(),
    offered: z.array(z.iso.datetime()).min(1).max(10),
    message: textWithin(EXCERPT_BYTES),
  }),
  shows: ['offered', 'message'],
  tool: calendar.bookMeeting,
  bound: {
    accountId: (input) => input.accountId,
    attendees: (input) => [input.attendee],
    offered: (input) => input.offered,
  },
  forbids: ({ offered, startsAt }) => {
    if (!offered.includes(startsAt)) return 'the slot is none of the offered ones';
  },
  distrusts: (answer, call) => {
    const booked = Date.parse(answer.startsAt);
    if (call.offered.some((slot) => Date.parse(slot) === booked)) return;
    const details = { asked: { offered: call.offered }, got: { startsAt: answer.startsAt } };
    return fail('WrongSubject', 'The calendar booked a slot that nobody offered.', details);
  },
  rehearse: rehearseSlot,
  bounds: { iterations: 3, maxInputBytes: 9_000, maxOutputTokens: 200, timeout: '20s', patience: '40s' },
});
