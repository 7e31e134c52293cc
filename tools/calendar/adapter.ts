import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import icalendar, { ICalCalendarMethod } from 'ical-generator';
import { digestOfText } from '../../contracts/digest.ts';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { bookMeeting } from '../../contracts/tools/calendar.ts';
import { plainKey } from '../keys.ts';
import type { ToolContext } from '../offer.ts';
import { badAnswer, rejected } from '../trouble.ts';

const MEETING_MS = 30 * 60_000;

type Call = ToolInput<typeof bookMeeting>;
type Answer = ToolOutput<typeof bookMeeting>;

/** A folder of .ics files, one a booking. A booking that is there is the booking. */
export const calendarIn =
  (stateDir: string, organizer: string) =>
  async (call: Call, context: ToolContext): Promise<Answer> => {
    const startsAt = Date.parse(call.startsAt);
    if (!call.offered.some((slot) => Date.parse(slot) === startsAt))
      throw rejected('the slot is none of the offered ones');
    const folder = join(stateDir, 'calendar');
    const file = join(folder, `${digestOfText(context.key).slice(0, 40)}.ics`);
    const eventId = plainKey(context.key);
    await mkdir(folder, { recursive: true });
    await writeFile(file, asEvent(call, eventId, organizer, context.now()), { flag: 'wx', flush: true }).catch(
      unlessThere,
    );
    return { eventId, startsAt: await startOf(file) };
  };

function asEvent(call: Call, uid: string, organizer: string, now: number): string {
  const calendar = icalendar({ prodId: '//governor//calendar//EN', method: ICalCalendarMethod.REQUEST });
  const start = new Date(call.startsAt);
  const event = calendar.createEvent({
    id: uid,
    stamp: new Date(now),
    start,
    end: new Date(start.getTime() + MEETING_MS),
    summary: 'Welcome meeting',
  });
  event.organizer({ name: 'Customer success', email: organizer });
  for (const email of call.attendees) event.createAttendee({ email });
  return calendar.toString();
}

function unlessThere(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
  throw error;
}

/** When the booking on file begins. */
async function startOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  const [, year, month, day, hour, minute, second] =
    /^DTSTART:(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z/m.exec(text) ?? [];
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(start)) throw badAnswer('calendar.book', 'startsAt');
  return new Date(start).toISOString();
}
