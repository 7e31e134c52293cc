import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { describeToolFaults } from '../support/tool-fault-suite.ts';

// TR-32, TR-33, TR-34: malformed, empty, truncated, silent, 429, an error inside a success, too large.
// Each process runs its agents through it; here are those of onboarding, of tickets, and the ways out that all share.
const NAMES = [
  'lookUpCustomer',
  'verifyIdentity',
  'createAccount',
  'closeAccount',
  'writeWelcomeKit',
  'sendWelcomeEmail',
  'bookFollowUp',
  'routeNotification',
  'writeAudit',
  'escalate',
  'receiveTicket',
  'classifyTicket',
  'assignTicket',
  'parkTicket',
  'correctTicket',
] as const;

describeToolFaults(NAMES.map((name): Agent => agents[name]));
