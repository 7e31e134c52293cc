/** Every agent of the house, by name. Adding one is a file, a prompt and a line here. */
import { assignTicket } from './assign-ticket.ts';
import { bookFollowUp } from './book-follow-up.ts';
import { classifyTicket } from './classify-ticket.ts';
import { closeAccount } from './close-account.ts';
import { correctTicket } from './correct-ticket.ts';
import { createAccount } from './create-account.ts';
import type { Agent } from './define-agent.ts';
import { escalate } from './escalate.ts';
import { lookUpCustomer } from './look-up-customer.ts';
import { parkTicket } from './park-ticket.ts';
import { receiveTicket } from './receive-ticket.ts';
import { routeNotification } from './route-notification.ts';
import { sendWelcomeEmail } from './send-welcome-email.ts';
import { verifyIdentity } from './verify-identity.ts';
import { writeAudit } from './write-audit.ts';
import { writeWelcomeKit } from './write-welcome-kit.ts';

export const agents = {
  lookUpCustomer,
  verifyIdentity,
  createAccount,
  writeWelcomeKit,
  sendWelcomeEmail,
  bookFollowUp,
  routeNotification,
  writeAudit,
  escalate,
  closeAccount,
  receiveTicket,
  classifyTicket,
  assignTicket,
  parkTicket,
  correctTicket,
} satisfies Record<string, Agent>;

export type AgentName = keyof typeof agents;

export {
  assignTicket,
  bookFollowUp,
  classifyTicket,
  closeAccount,
  correctTicket,
  createAccount,
  escalate,
  lookUpCustomer,
  parkTicket,
  receiveTicket,
  routeNotification,
  sendWelcomeEmail,
  verifyIdentity,
  writeAudit,
  writeWelcomeKit,
};
