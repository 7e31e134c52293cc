import { digestOfText } from '../../contracts/digest.ts';

/** Who looks after accounts, and at which hours (UTC) they meet customers, morning and afternoon. */
const OWNERS = [
  { owner: 'owner-1', hours: [9, 14] },
  { owner: 'owner-2', hours: [10, 15] },
  { owner: 'owner-3', hours: [8, 13] },
] as const;

const DAYS = 5;
const DAY_MS = 86_400_000;

/** The owner of an account, and when they can meet: morning and afternoon of the next five working days but one. */
export function ownerAndSlots(accountId: string, now: number): { owner: string; openSlots: string[] } {
  const { owner, hours } =
    OWNERS[Number.parseInt(digestOfText(accountId).slice(0, 8), 16) % OWNERS.length] ?? OWNERS[0];
  const openSlots = workingDays(now).flatMap((day) =>
    hours.map((hour) => new Date(day + hour * 3_600_000).toISOString()),
  );
  return { owner, openSlots };
}

function workingDays(now: number): number[] {
  const days: number[] = [];
  for (let day = Math.floor(now / DAY_MS) * DAY_MS + 2 * DAY_MS; days.length < DAYS; day += DAY_MS) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(day);
  }
  return days;
}
