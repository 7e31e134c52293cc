import { assignTicket, classifyMessage, correctTicket, receiveMessage } from '../../contracts/tools/tickets.ts';
import { type OfferParts, offer } from '../offer.ts';
import { receive } from './messages.ts';
import { assign, classify, correct } from './tickets.ts';

/** The tools of the ticket desk, ready to be called. */
export const offerTickets = (parts: OfferParts) => ({
  'tickets.receive': offer(receiveMessage, { kind: 'here', act: receive }, parts),
  'tickets.classify': offer(classifyMessage, { kind: 'here', act: classify }, parts),
  'tickets.assign': offer(assignTicket, { kind: 'here', act: assign }, parts),
  'tickets.correct': offer(correctTicket, { kind: 'here', act: correct }, parts),
});
