/** Every agent of the house, by name. Adding one is a file, a prompt and a line here. */
import { bookFollowUp } from './book-follow-up.ts';
import { closeAccount } from './close-account.ts';
import { createAccount } from './create-account.ts';
import type { Agent } from './define-agent.ts';
import { escalate } from './escalate.ts';
import { lookUpCustomer } from './look-up-customer.ts';
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
} satisfies Record<string, Agent>;

export type AgentName = keyof typeof agents;

export {
  bookFollowUp,
  closeAccount,
  createAccount,
  escalate,
  lookUpCustomer,
  routeNotification,
  sendWelcomeEmail,
  verifyIdentity,
  writeAudit,
  writeWelcomeKit,
};
