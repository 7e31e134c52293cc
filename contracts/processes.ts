/**
 * The agents of each process in the order of a clean run, and those that end every run whatever happened. A release is
 * held against it: what a clean run can cost at worst has to fit into the policy's cap.
 */
export interface ProcessAgents {
  readonly cleanRun: readonly string[];
  /** What is set aside for them when the case begins. */
  readonly endings: readonly string[];
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
  reportTerminated: { cleanRun: ['escalate', 'writeAudit'], endings: ['escalate', 'writeAudit'] },
};
