import { closeAccount, createAccount } from '../contracts/tools/accounts.ts';
import { bookMeeting } from '../contracts/tools/calendar.ts';
import { generateDocument } from '../contracts/tools/documents.ts';
import { sendEmail } from '../contracts/tools/email.ts';
import { openEscalation } from '../contracts/tools/escalations.ts';
import { verifyIdentity } from '../contracts/tools/identity.ts';
import type { ToolName } from '../contracts/tools/index.ts';
import { checkInventory, releaseInventory, reserveInventory } from '../contracts/tools/inventory.ts';
import { cancelOrder, createOrder } from '../contracts/tools/orders.ts';
import { quotePrice } from '../contracts/tools/pricing.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { closeAccountOf, openAccount } from './accounts/accounts.ts';
import { offerApprovals } from './approvals/offered.ts';
import { offerAudit } from './audit/offered.ts';
import { calendarIn } from './calendar/adapter.ts';
import { offerCrm } from './crm/offered.ts';
import type { Database } from './database.ts';
import { documentStore } from './documents/adapter.ts';
import { renderDocument } from './documents/pdf-adapter.ts';
import { mailOver } from './email/adapter.ts';
import { open } from './escalations/escalations.ts';
import { expenseTools } from './expenses/offered.ts';
import { gateOf } from './gate.ts';
import { checkDocument } from './identity/adapter.ts';
import { checkStock } from './inventory/check.ts';
import { release, reserve } from './inventory/reservations.ts';
import { createLedger } from './ledger.ts';
import { offerNotifications } from './notifications/offered.ts';
import { type Keeping, type Offered, offer, type ToolContext } from './offer.ts';
import { cancel } from './orders/cancel.ts';
import { makeOrder } from './orders/create.ts';
import { quote } from './pricing/quote.ts';
import type { ToolSettings } from './settings.ts';
import { offerTickets } from './tickets/offered.ts';

/** Every tool of the house, one line a tool, ready to be called. `now` gives milliseconds since 1970. */
export function createTools(
  database: Database,
  settings: ToolSettings,
  now: () => number = Date.now,
  tracer?: Tracer,
): Record<ToolName, Offered> {
  const { stateDir, leaseMs, outsideTimeoutMs: timeoutMs } = settings;
  const parts = { ledger: createLedger(database, now), now, gate: gateOf(settings, now), tracer };
  const documents = documentStore(stateDir);
  const mail = mailOver({ ...settings, timeoutMs }, documents);
  const book = calendarIn(stateDir, settings.mailFrom);
  const registry = { url: settings.identityRegistryUrl, timeoutMs };
  const webhook = { url: settings.webhookUrl, secret: settings.webhookSecret, timeoutMs };
  const repeatable = <Call, Answer>(
    act: (call: Call, context: ToolContext) => Promise<Answer>,
  ): Keeping<Call, Answer> => ({
    kind: 'outside',
    leaseMs,
    repeatable: true,
    act,
  });

  return {
    ...offerCrm(parts, database, settings),
    'identity.verify': offer(
      verifyIdentity,
      { kind: 'read', read: (call, context) => checkDocument(registry, call, context) },
      parts,
    ),
    'accounts.create': offer(createAccount, { kind: 'here', act: openAccount }, parts),
    'accounts.close': offer(closeAccount, { kind: 'here', act: closeAccountOf }, parts),
    'documents.generate': offer(
      generateDocument,
      repeatable(async (call) => {
        const { bytes, pages } = await renderDocument(call);
        return { documentId: await documents.put(bytes), accountId: call.accountId, bytes: bytes.byteLength, pages };
      }),
      parts,
    ),
    // SMTP takes the same message twice: after a lost answer the mailbox is asked, or a person.
    'email.send': offer(
      sendEmail,
      { kind: 'outside', leaseMs, repeatable: false, act: mail.send, readBack: mail.readBack },
      parts,
    ),
    'calendar.book': offer(bookMeeting, repeatable(book), parts),
    ...offerNotifications(parts, webhook, mail, leaseMs),
    ...offerAudit(parts, database),
    'escalations.open': offer(openEscalation, { kind: 'here', act: open }, parts),
    'inventory.check': offer(
      checkInventory,
      { kind: 'read', read: (call, context) => checkStock(call, database, context.now()) },
      parts,
    ),
    'inventory.reserve': offer(reserveInventory, { kind: 'here', act: reserve }, parts),
    'inventory.release': offer(releaseInventory, { kind: 'here', act: release }, parts),
    'pricing.quote': offer(quotePrice, { kind: 'here', act: quote }, parts),
    'orders.create': offer(createOrder, { kind: 'here', act: makeOrder }, parts),
    'orders.cancel': offer(cancelOrder, { kind: 'here', act: cancel }, parts),
    ...offerTickets(parts),
    ...offerApprovals(parts, database, webhook, leaseMs),
    ...expenseTools(database, settings, parts),
  };
}
