import type { Logger } from 'pino';
import { digestOfText } from '../contracts/digest.ts';
import type { Person } from '../contracts/directory.ts';
import { Failed } from '../contracts/failures.ts';
import type { Role } from '../contracts/policy.ts';
import type { Tool } from '../contracts/tool.ts';
import { CHANNELS, mailNotification, postNotification } from '../contracts/tools/notifications.ts';
import type { ToolClient } from './tool-client.ts';

const TIMEOUT_MS = 5000;

/** Announcing stands before a question: nobody waits longer for a mail server than this. */
const MOST_MS = 2000;
/** As the contracts of both tools have it. */
const LONGEST_SUBJECT = 120;
const LONGEST_MESSAGE = 1000;
const MOST_RECIPIENTS = 50;

/** What a person is told: which case, what is asked of whom. Ids, roles and enums only. */
export interface Notice {
  /** Unique for the request and the occasion, so that a retry tells nobody twice. */
  readonly key: string;
  readonly caseId: string;
  readonly role: Role;
  readonly message: string;
}

/** A notice about one request, with the people whose turn it is. */
export interface Announcement extends Notice {
  readonly approval: string;
  readonly people: readonly Pick<Person, 'person' | 'email'>[];
}

/** Tells a role that something waits for it, in a fixed template: no model has a part in this. */
export const createNotify =
  (tools: ToolClient) =>
  async ({ key, caseId, role, message }: Notice): Promise<void> => {
    const call = postOf(caseId, role, message.slice(0, LONGEST_MESSAGE));
    await tools.call(postNotification, call, { key, signal: AbortSignal.timeout(TIMEOUT_MS), timeoutMs: TIMEOUT_MS });
  };

/**
 * Tells a role's channel and the people themselves, both at once and each for two seconds at most, with a link to where
 * they decide. What fails is written down, without a name or an address, and never thrown: the request stands in the case,
 * whoever was told.
 * @param deskUrl where the desk's page is served, without a slash at its end
 */
export const createAnnounce =
  (tools: ToolClient, { deskUrl, log }: { readonly deskUrl: string; readonly log: Logger }) =>
  async (announcement: Announcement): Promise<void> => {
    const { key, caseId, approval, role, people, message } = announcement;
    const link = linkTo(deskUrl, caseId, approval);
    const told = (tool: Tool, call: Readonly<Record<string, unknown>>, of: string) =>
      tools
        .call(tool, call, { key: of, signal: AbortSignal.timeout(MOST_MS), timeoutMs: MOST_MS })
        .catch((error: unknown) => {
          const failure = error instanceof Failed ? error.failure.type : 'unknown';
          log.warn({ caseId, approval, role, tool: tool.name, failure }, 'a notice could not be sent');
        });
    const recipients = addressesOf(people);
    await Promise.all([
      told(postNotification, postOf(caseId, role, withLink(message, link)), key),
      ...(recipients.length > 0 ? [told(mailNotification, mailOf(announcement, recipients, link), `${key}:mail`)] : []),
    ]);
  };

/** Where a request is read and decided. Opening it decides nothing, whoever or whatever opens it. */
export const linkTo = (deskUrl: string, caseId: string, approval: string): string =>
  `${deskUrl}/desk/#/approvals/${encodeURIComponent(caseId)}/${encodeURIComponent(approval)}`;

function postOf(caseId: string, role: Role, message: string): Record<string, unknown> {
  const channel = channelOf(role);
  return { subjectId: subjectOf(caseId), allowedChannels: [channel], channel, message };
}

const mailOf = ({ caseId, approval, role, message }: Announcement, recipients: readonly string[], link: string) => ({
  subjectId: subjectOf(caseId),
  recipients,
  subject: `${approval} waits for ${role}`.replace(/[\r\n]/g, ' ').slice(0, 150),
  message: message.slice(0, LONGEST_MESSAGE),
  link,
});

/** Customers are nobody's channel: the people who speak with them hear of it. */
const channelOf = (role: Role): (typeof CHANNELS)[number] => CHANNELS.find((name) => name === role) ?? 'sales-desk';

/** Workflow ids may be longer than what the tools take. */
const subjectOf = (caseId: string): string =>
  caseId.length <= LONGEST_SUBJECT ? caseId : `sha256:${digestOfText(caseId)}`;

/** A link that is cut leads nowhere, so it is the words that give way. */
function withLink(message: string, link: string): string {
  const room = LONGEST_MESSAGE - link.length - 1;
  return room < 100 ? message.slice(0, LONGEST_MESSAGE) : `${message.slice(0, room)} ${link}`;
}

const addressesOf = (people: Announcement['people']): string[] =>
  [...new Set(people.flatMap(({ email }) => email ?? []))].slice(0, MOST_RECIPIENTS);
