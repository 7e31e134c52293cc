import type { World } from '../../outside/world.ts';
import type { Random } from './random.ts';

const DAY_MS = 24 * 3_600_000;
const MOST_DAYS = 400;

/** Months as the examples write them, from January on. */
const MONTHS = [
  'January February March April May June July August September October November December',
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre',
  'Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου',
  'січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня',
].map((names) => names.split(' '));

/** Moves every date of a world, in each spelling that the examples have, everywhere in the same way. */
export function dateChanger({ documents }: World, random: Random): (text: string) => string {
  const dates = [...new Set(documents.flatMap(({ birthDate, validUntil }) => [birthDate, validUntil]))];
  const table = new Map(dates.flatMap((date) => pairs(date, moved(date, random))));
  const written = [...table.keys()].toSorted((one, other) => other.length - one.length);
  const pattern = new RegExp(
    `(?<!\\d)(?:${written.map((spelling) => spelling.replace(/[./]/gu, '\\$&')).join('|')})(?!\\d)`,
    'gu',
  );
  return (text) => text.replace(pattern, (spelling) => table.get(spelling) ?? spelling);
}

const pairs = (from: string, to: string): [string, string][] => {
  const made = spellings(to);
  return spellings(from).map((spelling, index) => [spelling, made[index] ?? spelling]);
};

function spellings(iso: string): string[] {
  const [year = '', month = '', day = ''] = iso.split('-');
  const [m, d] = [Number(month), Number(day)];
  const worded = MONTHS.map((names) => names[m - 1] ?? '').flatMap((name) => [
    `${d} ${name} ${year}`,
    `${name} ${d}, ${year}`,
    `${d} de ${name} de ${year}`,
  ]);
  return [iso, `${day}.${month}.${year}`, `${day}/${month}/${year}`, ...worded];
}

/** Another date that is as hard to read: a leap day for a leap day, a day up to 12 for one up to 12. */
function moved(iso: string, random: Random): string {
  if (iso.endsWith('-02-29')) return `${Number(iso.slice(0, 4)) - 4 * random.integer(4)}-02-29`;
  for (;;) {
    const days = random.integer(2 * MOST_DAYS) - MOST_DAYS;
    const made = new Date(Date.parse(iso) + days * DAY_MS).toISOString().slice(0, 10);
    if (readsLike(made) === readsLike(iso)) return made;
  }
}

function readsLike(iso: string): string {
  const [month, day] = [Number(iso.slice(5, 7)), Number(iso.slice(8))];
  if (day > 12) return 'day above 12';
  return day === month ? 'same' : 'open';
}
