import { z } from 'zod';
import type { Stack } from './stack.ts';

const MailLine = z.object({ key: z.string().nullable(), notice: z.boolean() });
const HookLine = z.object({ webhookId: z.string(), duplicate: z.boolean() });

/** How often each effect is there, by case, counted where it ended up and not by whoever says that it did it. */
export interface FarSide {
  readonly accounts: ReadonlyMap<string, number>;
  readonly mails: ReadonlyMap<string, number>;
  readonly meetings: ReadonlyMap<string, number>;
  readonly notifications: ReadonlyMap<string, number>;
  readonly audits: ReadonlyMap<string, number>;
}

const OUTSIDE = '/var/lib/governor/outside';

/** A case, by the reference that keys of effects carry, and by its own id. */
export interface KnownCase {
  readonly reference: string;
  readonly caseId: string;
}

export async function lookAtFarSide(stack: Stack, cases: readonly KnownCase[]): Promise<FarSide> {
  const lines = async <S extends z.ZodType>(shape: S, file: string): Promise<z.output<S>[]> =>
    (await stack.inside('outside', ['cat', `${OUTSIDE}/${file}`]))
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => shape.parse(JSON.parse(line)));
  const [accounts, audits, mails, hooks, meetings] = [
    await stack.rows(`select "requestId" from accounts where state = 'open'`),
    await stack.rows('select "caseId" from audit'),
    await lines(MailLine, 'mail.jsonl'),
    await lines(HookLine, 'webhooks.jsonl'),
    await stack.inside('tools', ['grep', '-rh', '^UID:', '/var/lib/governor/calendar']),
  ];
  const count = (keys: readonly string[]) => countOf(keys, cases);
  return {
    accounts: count(accounts.map(([requestId = '']) => `:${requestId}:`)),
    mails: count(mails.filter(({ notice }) => !notice).map(({ key }) => key ?? '')),
    meetings: count(meetings.split('\n')),
    notifications: count(hooks.filter(({ duplicate }) => !duplicate).map(({ webhookId }) => webhookId)),
    audits: count(audits.map(([caseId = '']) => caseId)),
  };
}

function countOf(keys: readonly string[], cases: readonly KnownCase[]): Map<string, number> {
  const counted = new Map(cases.map(({ reference }) => [reference, 0]));
  for (const key of keys) {
    const known = cases.find(({ reference, caseId }) => key === caseId || key.includes(`:${reference}:`));
    if (known) counted.set(known.reference, (counted.get(known.reference) ?? 0) + 1);
  }
  return counted;
}
