import { readFile } from 'node:fs/promises';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { sendEmail } from '../../contracts/tools/email.ts';
import type { mailNotification } from '../../contracts/tools/notifications.ts';
import type { DocumentStore } from '../documents/adapter.ts';
import { plainKey } from '../keys.ts';
import type { ReadBack } from '../ledger.ts';
import type { ToolContext } from '../offer.ts';
import { rejected, unavailable } from '../trouble.ts';

type Call = ToolInput<typeof sendEmail>;
type Answer = ToolOutput<typeof sendEmail>;
type NoticeCall = ToolInput<typeof mailNotification>;
type NoticeAnswer = ToolOutput<typeof mailNotification>;

export interface Mail {
  send(call: Call, context: ToolContext): Promise<Answer>;
  /** Whether the mailbox has it, where the mailbox is ours. */
  readBack(call: Call, context: ToolContext): Promise<ReadBack>;
  /** One message to several people of the house. */
  notice(call: NoticeCall, context: ToolContext): Promise<NoticeAnswer>;
  readBackNotice(call: NoticeCall, context: ToolContext): Promise<ReadBack>;
}

export interface MailSettings {
  readonly smtpUrl: string;
  readonly mailFrom: string;
  readonly mailboxLog?: string | undefined;
  readonly timeoutMs: number;
}

const NOTHING_DECIDED = 'Opening this link decides nothing. It shows the request, and asks you who you are.';

/** SMTP. Each message's id comes from its key, so that the far side can recognise it. */
export function mailOver(settings: MailSettings, documents: DocumentStore): Mail {
  const post = postOver(settings);
  return {
    send: async ({ to, documentId, subject, body }, context) => {
      const content = await documents.get(documentId);
      const attachments = [{ filename: 'welcome.pdf', content, contentType: 'application/pdf' }];
      const { messageId, acceptedAt } = await post.send(
        'email.send',
        { to, subject, text: body, attachments },
        context,
      );
      return { messageId, acceptedAt };
    },
    readBack: (_, { key }) => post.readBack(key),
    notice: async ({ recipients, subject, message, link }, context) => {
      const text = `${message}\n\n${link}\n\n${NOTHING_DECIDED}\n`;
      const headers = { 'Auto-Submitted': 'auto-generated' };
      return post.send('notifications.mail', { to: recipients, subject, text, headers }, context);
    },
    readBackNotice: async ({ recipients }, { key }) => {
      const found = await post.readBack(key);
      return found.state === 'done' ? { ...found, answer: { ...found.answer, accepted: recipients.length } } : found;
    },
  };
}

type Message = Pick<SendMailOptions, 'to' | 'subject' | 'text' | 'attachments'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** What every message of ours has in common. */
function postOver({ smtpUrl, mailFrom, mailboxLog, timeoutMs }: MailSettings) {
  const transport = createTransport({ url: smtpUrl, disableUrlAccess: true, disableFileAccess: true });
  const messageIdOf = (key: string) => `<${digestOfText(key).slice(0, 40)}@${mailFrom.split('@')[1]}>`;

  return {
    send: async (system: string, message: Message, { key, now, signal }: ToolContext): Promise<NoticeAnswer> => {
      const messageId = messageIdOf(key);
      const headers = { ...message.headers, 'X-Idempotency-Key': plainKey(key) };
      // One limit over all of the talk: after it the connection is cut, so that nothing is sent behind the ledger's back.
      const patience = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const whole: SendMailOptions & { signal: AbortSignal } = {
        ...message,
        from: mailFrom,
        messageId,
        headers,
        signal: patience,
      };
      const { accepted } = await transport.sendMail(whole).catch((error: unknown) => {
        throw asMailTrouble(error, system);
      });
      return { messageId, acceptedAt: new Date(now()).toISOString(), accepted: Math.max(1, accepted.length) };
    },
    readBack: async (key: string): Promise<ReadBack> => {
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

function asMailTrouble(error: unknown, system: string): Error {
  const { code, command, responseCode } = mailError(error);
  if (responseCode >= 500) return rejected('the mail server refused the message', { responseCode });
  if (responseCode >= 400) return unavailable(system, { responseCode, effect: 'none' });
  if (BEFORE_DATA.includes(command) || code === 'ECONNECTION' || code === 'EDNS')
    return unavailable(system, { code, effect: 'none' });
  return unavailable(system, { code });
}

function mailError(error: unknown): { code: string; command: string; responseCode: number } {
  const raised: Record<string, unknown> = error instanceof Error ? { ...error } : {};
  return {
    code: String(raised['code'] ?? ''),
    command: String(raised['command'] ?? ''),
    responseCode: Number(raised['responseCode'] ?? 0),
  };
}
