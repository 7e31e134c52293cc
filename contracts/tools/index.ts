/** Every tool of the house. A server offers these, an agent names one of them. */
import type { Tool } from '../tool.ts';
import { closeAccount, createAccount } from './accounts.ts';
import { appendAudit } from './audit.ts';
import { bookMeeting } from './calendar.ts';
import { lookupCustomer } from './crm.ts';
import { generateDocument } from './documents.ts';
import { sendEmail } from './email.ts';
import { openEscalation } from './escalations.ts';
import { verifyIdentity } from './identity.ts';
import { postNotification } from './notifications.ts';

export const tools = {
  'crm.lookup_customer': lookupCustomer,
  'identity.verify': verifyIdentity,
  'accounts.create': createAccount,
  'accounts.close': closeAccount,
  'documents.generate': generateDocument,
  'email.send': sendEmail,
  'calendar.book': bookMeeting,
  'notifications.post': postNotification,
  'audit.append': appendAudit,
  'escalations.open': openEscalation,
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof tools;
