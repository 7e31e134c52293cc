import { describe, expect, it } from 'vitest';
import { redactIdentifiers, restoreIdentifiers, unknownMarks } from '../../contracts/identifiers.ts';
import { textOfHtml, tidied, unreadable } from '../../contracts/plain-text.ts';
import { afterMinutes, minutesBetween } from '../../workflows/business-hours.ts';
import { TicketClock } from '../../workflows/ticket-clock.ts';
import { rowsOf } from '../load/csv.ts';
import { TICKETS } from '../support/ticket-cases.ts';

describe('identifiers', () => {
  it.each([
    ['a mail address at the end of a sentence', 'Write to jo.ann@x.example.', 'Write to [mail-1].'],
    ['an IBAN with words after it', 'to DE89 3704 0044 0532 0130 00 please', 'to [iban-1] please'],
    ['a card with its expiry', 'card 4111 1111 1111 1111 12/26', 'card [card-1] 12/26'],
    ['phone numbers', '+49 (0)30 123-4567 or 030/1234567', '[phone-1] or [phone-2]'],
    ['the same number twice', '4111111111111111, 4111111111111111', '[card-1], [card-1]'],
    ['a mark that somebody wrote', '[card-1] and 4111111111111111', 'card-1 and [card-1]'],
    ['a number that is no card', 'order 1234567890123', 'order 1234567890123'],
    ['a date and a sum', 'on 12.03.2024 paid 1.000,00', 'on 12.03.2024 paid 1.000,00'],
  ])('%s', (_, text, redacted) => {
    const found = redactIdentifiers(text);
    expect(found.text).toBe(redacted);
    expect(restoreIdentifiers(found.text, found.identifiers)).toBe(text.replace('[card-1] and', 'card-1 and'));
  });

  it('that a note invents are known', () => {
    expect(unknownMarks('pays [card-1] to [iban-7]', [{ mark: '[card-1]', value: 'x' }])).toEqual(['[iban-7]']);
  });

  it('are found in 200 KB within a moment', () => {
    const began = performance.now();
    for (const text of ['1 '.repeat(100_000), 'a.'.repeat(100_000), 'DE12 '.repeat(40_000), '+4 '.repeat(60_000)])
      redactIdentifiers(text);
    for (const html of ['<'.repeat(200_000), '<!--'.repeat(50_000), '<script '.repeat(25_000), '&'.repeat(200_000)])
      textOfHtml(html);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

describe('a text', () => {
  it('of HTML is what people would see', () => {
    const html = '<head><title>x</title></head><!-- no --><p>One&nbsp;&amp; two</p><br>three<script>four()</script>';
    expect(tidied(textOfHtml(html)).replace(/\s+/g, ' ')).toBe('One & two three');
  });

  it.each([
    ['', 'empty'],
    ['!? 🙃', 'no-words'],
    ['\ufffdber\ufffd', 'garbled'],
    ['Hello', undefined],
    ['Γειά', undefined],
  ])('%j is unreadable as %s', (text, why) => {
    expect(unreadable(tidied(text))).toBe(why);
  });
});

describe('business hours', () => {
  const clock = { days: [1, 2, 3, 4, 5], fromHour: 8, toHour: 18, holidays: ['2026-12-25'] };
  const at = (text: string): number => Date.parse(`${text}:00Z`);

  it.each([
    ['within a day', '2026-11-23T09:00', 60, '2026-11-23T10:00'],
    ['before it opens', '2026-11-23T05:00', 60, '2026-11-23T09:00'],
    ['over an evening', '2026-11-23T17:30', 60, '2026-11-24T08:30'],
    ['over a weekend', '2026-11-27T17:00', 120, '2026-11-30T09:00'],
    ['over a holiday and a weekend', '2026-12-24T17:00', 120, '2026-12-28T09:00'],
    ['to the minute at which it closes', '2026-11-23T17:00', 60, '2026-11-23T18:00'],
  ])('count %s, both ways', (_, from, minutes, until) => {
    expect(new Date(afterMinutes(at(from), minutes, clock)).toISOString()).toBe(`${until}:00.000Z`);
    expect(minutesBetween(at(from), at(until), clock)).toBe(minutes);
  });

  it('are all hours without a clock', () => {
    expect(minutesBetween(at('2026-11-28T00:00'), afterMinutes(at('2026-11-28T00:00'), 90))).toBe(90);
  });

  it('stand still while the customer has the word', () => {
    const watch = new TicketClock(TICKETS, 'normal', at('2026-11-23T09:00'));
    watch.pause(at('2026-11-23T10:00'));
    expect([watch.dueAt, watch.next]).toEqual([undefined, undefined]);
    watch.resume(at('2026-11-24T09:00'));
    expect(new Date(watch.dueAt ?? 0).toISOString()).toBe('2026-11-24T16:00:00.000Z');
    expect(watch.next?.bell).toBe('page');
  });

  it('do not hold for what is urgent', () => {
    const watch = new TicketClock(TICKETS, 'urgent', at('2026-11-28T23:30'));
    expect(new Date(watch.dueAt ?? 0).toISOString()).toBe('2026-11-29T00:30:00.000Z');
  });
});

describe('a CSV file', () => {
  it('may quote commas, quotes and line ends', () => {
    expect(rowsOf('a,b\r\n"x, ""y""\nz",2\n,\n')).toEqual([
      ['a', 'b'],
      ['x, "y"\nz', '2'],
      ['', ''],
    ]);
  });
});
