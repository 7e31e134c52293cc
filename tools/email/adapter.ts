import { readFile } from 'node:fs/promises';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { sendEmail } from '../../contracts/tools/email.ts';
import type { DocumentStore } from '../documents/adapter.ts';
import { plainKey } from '../keys.ts';
import type { ReadBack } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected, unavailable } from '../trouble.ts';

type Call = ToolInput<typeof sendEmail>;
type Answer = ToolOutput<typeof sendEmail>;

export interface Mail {
  send(call: Call, context: ToolContext): Promise<Answer>;
  /** Whether the mailbox has it, where the mailbox is ours. */
  readBack(call: Call, context: ToolContext): Promise<ReadBack>;
}

export interface MailSettings {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  readonly mailboxLog?: string | undefined;
  readonly timeoutMs: number;
}

/** SMTP. Each message's id comes from its key, so that the far side can recognise it. */
export function mailOver(settings: MailSettings, documents: DocumentStore): Mail {
  const { smtpUrl, mailFrom, mailboxLog, timeoutMs } = settings;
  const post = createTransport({ url: smtpUrl, disableUrlAccess: true, disableFileAccess: true });
  const messageIdOf = (key: string) => `<${digestOfText(key).slice(0, 40)}@${mailFrom.split('@')[1]}>`;

  return {
    send: async ({ to, documentId, subject, body }, { key, now, signal }) => {
      const content = await documents.get(documentId);
      const messageId = messageIdOf(key);
      const attachments = [{ filename: 'welcome.pdf', content, contentType: 'application/pdf' }];
      const headers = { 'X-Idempotency-Key': plainKey(key) };
      // One limit over all of the talk: after it the connection is cut, so that nothing is sent behind the ledger's back.
      const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const message: SendMailOptions & { signal: AbortSignal } = {
        from: mailFrom,
        to,
        subject,
        text: body,
        messageId,
        headers,
        attachments,
        signal: patience,
      };
      await post.sendMail(message).catch((error: unknown) => {
        throw asMailTrouble(error);
      });
      return { messageId, acceptedAt: new Date(now()).toISOString() };
    },
    readBack: async (_, { key }) => {
      if (mailboxLog === undefined) return { state: 'unknown' };
      return found(await readFile(mailboxLog, 'utf8').catch(() => ''), messageIdOf(key));
    },
  };
}

function found(log: string, messageId: string): ReadBack {
  const line = log.split('\n').find((text) => text.includes(`"messageId":${JSON.stringify(messageId)}`));
  if (line === undefined) return { state: 'absent' };
  return { state: 'done', answer: { messageId, acceptedAt: JSON.parse(line).at } };
}

/** Troubles that end the talk before the message itself: nothing can have been delivered. */
const BEFORE_DATA = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH', 'AUTH PLAIN', 'AUTH LOGIN', 'MAIL FROM', 'RCPT TO'];

function asMailTrouble(error: unknown): Error {
  const { code, command, responseCode } = mailError(error);
  if (responseCode >= 500) return rejected('the mail server refused the message', { responseCode });
  if (responseCode >= 400) return unavailable('email.send', { responseCode, effect: 'none' });
  if (BEFORE_DATA.includes(command) || code === 'ECONNECTION' || code === 'EDNS')
    return unavailable('email.send', { code, effect: 'none' });
  return unavailable('email.send', { code });
}

function mailError(error: unknown): { code: string; command: string; responseCode: number } {
  const raised: Record<string, unknown> = error instanceof Error ? { ...error } : {};
  return {
    code: String(raised['code'] ?? ''),
    command: String(raised['command'] ?? ''),
    responseCode: Number(raised['responseCode'] ?? 0),
  };
}
