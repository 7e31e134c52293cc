import type { Agent } from '../../agents/define-agent.ts';
import * as agents from '../../agents/index.ts';

/** Whose agents they are; each suite that is run for every process takes its rows from here. */
export const AGENTS_OF = {
  onboarding: [
    agents.lookUpCustomer,
    agents.verifyIdentity,
    agents.createAccount,
    agents.closeAccount,
    agents.writeWelcomeKit,
    agents.sendWelcomeEmail,
    agents.bookFollowUp,
    agents.routeNotification,
  ],
  expenses: [
    agents.openReceipt,
    agents.readReceipt,
    agents.fileClaim,
    agents.checkExpensePolicy,
    agents.recommendExpense,
    agents.reimburseExpense,
    agents.withdrawClaim,
  ],
  documents: [agents.validateDocument, agents.routeForApproval, agents.notifyStakeholders, agents.issueCertificate],
  tickets: [agents.receiveTicket, agents.classifyTicket, agents.assignTicket, agents.parkTicket, agents.correctTicket],
  orders: [
    agents.getCustomerData,
    agents.checkStock,
    agents.reserveStock,
    agents.quotePrice,
    agents.createOrder,
    agents.releaseStock,
    agents.takeBackOrder,
  ],
  /** The ways out, which all processes share. */
  all: [agents.escalate, agents.writeAudit],
} as const satisfies Readonly<Record<string, readonly Agent[]>>;
