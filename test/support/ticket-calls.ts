import type { Sample } from './tool-calls.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);
const TICKET = 'tkt-aaaaaaaaaaaa';

const reading = {
  queue: { name: 'cash', confidence: 0.9 },
  priority: { level: 'normal', confidence: 0.8 },
  language: { code: 'en', confidence: 0.9 },
  intents: [{ intent: 'atm_support', confidence: 0.9 }],
};

/** One good call of each tool of the ticket desk, in the order in which a ticket goes through them. */
export const TICKET_SAMPLES = {
  'tickets.receive': {
    call: () => ({
      messageDigest: A,
      senderDigest: B,
      subjectDigest: 'c'.repeat(64),
      wordsDigest: 'd'.repeat(64),
      inReplyTo: null,
      mayJoin: true,
      loopMessages: 2,
      loopMinutes: 5,
      sameWithinMinutes: 60,
    }),
    inOtherWords: { sameWithinMinutes: 30 },
    otherGuarded: { messageDigest: B },
    says: { messageDigest: A, ticketId: TICKET, state: 'new', destination: null },
  },
  'tickets.classify': {
    call: () => ({ ticketId: TICKET, ...reading }),
    inOtherWords: { intents: [] },
    otherGuarded: { ticketId: 'tkt-bbbbbbbbbbbb' },
    says: { ticketId: TICKET, ...reading },
  },
  'tickets.assign': {
    call: () => ({
      ticketId: TICKET,
      destination: 'cash',
      priority: 'normal',
      rule: 'classified',
      dueAt: '2031-01-02T09:00:00.000Z',
      identifiers: [{ mark: '[card-1]', value: '4111 1111 1111 1111' }],
      note: 'Asks where [card-1] can be used.',
    }),
    inOtherWords: { note: 'About cash machines.' },
    otherGuarded: { destination: 'cards' },
    says: { ticketId: TICKET, destination: 'cash', priority: 'normal' },
  },
  'tickets.correct': {
    call: () => ({ ticketId: TICKET, from: 'cash', to: 'cards', by: 'sol', reason: 'it is about the card' }),
    inOtherWords: { reason: 'the card is meant' },
    otherGuarded: { to: 'transfers' },
    says: { ticketId: TICKET, destination: 'cards' },
  },
} satisfies Record<string, Sample>;
