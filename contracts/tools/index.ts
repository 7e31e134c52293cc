/** Every tool of the house. A server offers these, an agent names one of them. */
import type { Tool } from '../tool.ts';
import { closeAccount, createAccount } from './accounts.ts';
import { notifyStakeholders, routeForApproval, validateDocument } from './approvals.ts';
import { appendAudit, listAudit } from './audit.ts';
import { bookMeeting } from './calendar.ts';
import { issueCertificate } from './certificates.ts';
import { lookupCustomer, updateCustomer } from './crm.ts';
import { getCustomerData } from './customer-data.ts';
import { generateDocument } from './documents.ts';
import { sendEmail } from './email.ts';
import { openEscalation } from './escalations.ts';
import { annotateExpenses, checkExpenses, fileExpenses, reimburseExpenses, withdrawExpenses } from './expenses.ts';
import { verifyIdentity } from './identity.ts';
import { checkInventory, releaseInventory, reserveInventory } from './inventory.ts';
import { mailNotification, postNotification } from './notifications.ts';
import { cancelOrder, createOrder } from './orders.ts';
import { quotePrice } from './pricing.ts';
import { matchReceipt, openReceipt } from './receipts.ts';
import { assignTicket, classifyMessage, correctTicket, receiveMessage } from './tickets.ts';

export const tools = {
  'crm.lookup_customer': lookupCustomer,
  'crm.update_customer': updateCustomer,
  'identity.verify': verifyIdentity,
  'accounts.create': createAccount,
  'accounts.close': closeAccount,
  'documents.generate': generateDocument,
  'email.send': sendEmail,
  'calendar.book': bookMeeting,
  'notifications.post': postNotification,
  'notifications.mail': mailNotification,
  'audit.append': appendAudit,
  'audit.list': listAudit,
  'escalations.open': openEscalation,
  'crm.get_customer_data': getCustomerData,
  'inventory.check': checkInventory,
  'inventory.reserve': reserveInventory,
  'inventory.release': releaseInventory,
  'pricing.quote': quotePrice,
  'orders.create': createOrder,
  'orders.cancel': cancelOrder,
  'tickets.receive': receiveMessage,
  'tickets.classify': classifyMessage,
  'tickets.assign': assignTicket,
  'tickets.correct': correctTicket,
  'receipts.open': openReceipt,
  'receipts.match': matchReceipt,
  'expenses.file': fileExpenses,
  'expenses.withdraw': withdrawExpenses,
  'expenses.check_policy': checkExpenses,
  'expenses.annotate': annotateExpenses,
  'expenses.reimburse': reimburseExpenses,
  'documents.validate_document': validateDocument,
  'documents.route_for_approval': routeForApproval,
  'documents.notify_stakeholders': notifyStakeholders,
  'certificates.issue': issueCertificate,
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;
