/** Every agent of the house, by name. Adding one is a file, a prompt and a line here. */
import { assignTicket } from './assign-ticket.ts';
import { bookFollowUp } from './book-follow-up.ts';
import { checkExpensePolicy } from './check-expense-policy.ts';
import { checkStock } from './check-stock.ts';
import { classifyTicket } from './classify-ticket.ts';
import { closeAccount } from './close-account.ts';
import { correctTicket } from './correct-ticket.ts';
import { createAccount } from './create-account.ts';
import { createOrder } from './create-order.ts';
import type { Agent } from './define-agent.ts';
import { escalate } from './escalate.ts';
import { fileClaim } from './file-claim.ts';
import { getCustomerData } from './get-customer-data.ts';
import { issueCertificate } from './issue-certificate.ts';
import { lookUpCustomer } from './look-up-customer.ts';
import { notifyStakeholders } from './notify-stakeholders.ts';
import { openReceipt } from './open-receipt.ts';
import { parkTicket } from './park-ticket.ts';
import { quotePrice } from './quote-price.ts';
import { readReceipt } from './read-receipt.ts';
import { receiveTicket } from './receive-ticket.ts';
import { recommendExpense } from './recommend-expense.ts';
import { reimburseExpense } from './reimburse-expense.ts';
import { releaseStock } from './release-stock.ts';
import { reserveStock } from './reserve-stock.ts';
import { routeForApproval } from './route-for-approval.ts';
import { routeNotification } from './route-notification.ts';
import { sendWelcomeEmail } from './send-welcome-email.ts';
import { takeBackOrder } from './take-back-order.ts';
import { validateDocument } from './validate-document.ts';
import { verifyIdentity } from './verify-identity.ts';
import { withdrawClaim } from './withdraw-claim.ts';
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
  getCustomerData,
  checkStock,
  reserveStock,
  quotePrice,
  createOrder,
  releaseStock,
  takeBackOrder,
  validateDocument,
  routeForApproval,
  notifyStakeholders,
  issueCertificate,
  openReceipt,
  readReceipt,
  fileClaim,
  checkExpensePolicy,
  recommendExpense,
  reimburseExpense,
  withdrawClaim,
} satisfies Record<string, Agent>;

export type AgentName = keyof typeof agents;

export {
  assignTicket,
  bookFollowUp,
  checkExpensePolicy,
  checkStock,
  classifyTicket,
  closeAccount,
  correctTicket,
  createAccount,
  createOrder,
  escalate,
  fileClaim,
  getCustomerData,
  issueCertificate,
  lookUpCustomer,
  notifyStakeholders,
  openReceipt,
  parkTicket,
  quotePrice,
  readReceipt,
  receiveTicket,
  recommendExpense,
  reimburseExpense,
  releaseStock,
  reserveStock,
  routeForApproval,
  routeNotification,
  sendWelcomeEmail,
  takeBackOrder,
  validateDocument,
  verifyIdentity,
  withdrawClaim,
  writeAudit,
  writeWelcomeKit,
};
