/**
 * The agents of each process in the order of a clean run, and those that end every run whatever happened. A release is
 * held against it: what a clean run can cost at worst has to fit into the policy's cap.
 */
export interface ProcessAgents {
  readonly cleanRun: readonly string[];
  /** What is set aside for them when the case begins. */
  readonly endings: readonly string[];
  /** Agents that only some of its cases need, where another process has them in its clean run. */
  readonly besides?: readonly string[];
  /** The part of the policy that is for this process alone: the cases of others do not carry it in their histories. */
  readonly section?: 'tickets' | 'orders' | 'documents' | 'expenses';
}

export const PROCESSES: Readonly<Record<string, ProcessAgents>> = {
  onboardCustomer: {
    cleanRun: [
      'lookUpCustomer',
      'verifyIdentity',
      'createAccount',
      'writeWelcomeKit',
      'sendWelcomeEmail',
      'bookFollowUp',
      'routeNotification',
      'writeAudit',
    ],
    endings: ['escalate', 'writeAudit'],
  },
  routeTicket: {
    cleanRun: ['receiveTicket', 'classifyTicket', 'assignTicket', 'writeAudit'],
    endings: ['escalate', 'writeAudit'],
    besides: ['parkTicket'],
    section: 'tickets',
  },
  watchTicket: {
    cleanRun: ['correctTicket', 'writeAudit'],
    endings: ['escalate', 'writeAudit'],
    section: 'tickets',
  },
  approveDocument: {
    cleanRun: ['validateDocument', 'routeForApproval', 'issueCertificate', 'notifyStakeholders', 'writeAudit'],
    endings: ['escalate', 'writeAudit'],
    section: 'documents',
  },
  placeOrder: {
    cleanRun: ['getCustomerData', 'checkStock', 'reserveStock', 'quotePrice', 'createOrder', 'writeAudit'],
    endings: ['escalate', 'writeAudit'],
    besides: ['takeBackOrder'],
    section: 'orders',
  },
  cancelOrder: {
    cleanRun: ['takeBackOrder', 'writeAudit'],
    endings: ['escalate', 'writeAudit'],
    section: 'orders',
  },
  approveExpense: {
    cleanRun: ['readReceipt', 'fileClaim', 'checkExpensePolicy', 'recommendExpense', 'reimburseExpense', 'writeAudit'],
    endings: ['escalate', 'writeAudit'],
    besides: ['openReceipt', 'withdrawClaim'],
    section: 'expenses',
  },
  reportTerminated: { cleanRun: ['escalate', 'writeAudit'], endings: ['escalate', 'writeAudit'] },
};
