import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOfText } from '../../contracts/digest.ts';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { agreementOf } from '../../tools/tickets/agreement.ts';
import { STORES, type TestStore } from '../support/databases.ts';
import { settingsFor } from '../support/shop-tools.ts';
import { failureOf } from '../support/tool-callers.ts';

type Name = 'tickets.receive' | 'tickets.classify' | 'tickets.assign' | 'tickets.correct';
type Answer = Record<string, unknown>;

interface Delivery {
  readonly id: string;
  readonly sender: string;
  readonly subject?: string;
  readonly words?: string;
  readonly answers?: string;
  readonly authentic?: boolean;
}

const TEN = Array.from({ length: 10 }, (_, number) => number);
const statesOf = (answers: readonly Answer[]) => answers.map(({ state }) => state).sort();
const ticketsOf = (answers: readonly Answer[]) => new Set(answers.map(({ ticketId }) => ticketId)).size;

describe.each(STORES)('the ticket desk, on %s', (_name, start) => {
  let store: TestStore;
  let database: Database;
  let tools: ReturnType<typeof createTools>;
  let minutes = 0;
  let calls = 0;

  beforeAll(async () => {
    store = await start();
    database = await openDatabase(store);
    tools = createTools(database, settingsFor(store), () => Date.now() + minutes * 60_000);
  });
  afterAll(async () => {
    await database.destroy();
    await store.stop();
  });

  const call = async (name: Name, args: object): Promise<Answer> => {
    calls += 1;
    return (await tools[name].run(args, { key: `key-${calls}`, signal: AbortSignal.timeout(20_000) })).answer;
  };
  /** Loops are more than two of one sender and subject in five minutes; the same words within an hour are the same. */
  const receive = ({ id, sender, subject = id, words = id, answers, authentic = true }: Delivery) =>
    call('tickets.receive', {
      messageDigest: digestOfText(id),
      senderDigest: digestOfText(sender),
      subjectDigest: digestOfText(subject),
      wordsDigest: digestOfText(words),
      inReplyTo: answers === undefined ? null : digestOfText(answers),
      mayJoin: authentic,
      loopMessages: 2,
      loopMinutes: 5,
      sameWithinMinutes: 60,
    });
  const assign = (ticketId: unknown, destination: string, change: object = {}) =>
    call('tickets.assign', {
      ticketId,
      destination,
      priority: 'normal',
      rule: 'classified',
      dueAt: null,
      identifiers: [],
      note: 'A note.',
      ...change,
    });
  const classify = (ticketId: unknown, name: string, confidence: number) =>
    call('tickets.classify', {
      ticketId,
      queue: { name, confidence },
      priority: { level: 'normal', confidence },
      language: { code: 'en', confidence },
      intents: [],
    });
  const correct = (ticketId: unknown, from: string, to: string) =>
    call('tickets.correct', { ticketId, from, to, by: 'sol', reason: 'it is about something else' });
  const ticket = (ticketId: unknown) =>
    database.selectFrom('tickets').selectAll().where('ticketId', '=', String(ticketId)).executeTakeFirstOrThrow();

  test('a message that is delivered ten times at once is one ticket', async () => {
    const all = await Promise.all(TEN.map(() => receive({ id: 'again', sender: 'ana' })));
    expect(statesOf(all)).toEqual([...Array(9).fill('duplicate'), 'new']);
    expect(ticketsOf(all)).toBe(1);
  });

  test('the same words of one sender under ten ids at once are one ticket', async () => {
    const all = await Promise.all(
      TEN.map((n) => receive({ id: `same-${n}`, sender: 'bo', words: 'My card is gone.' })),
    );
    expect(statesOf(all)).toEqual([...Array(9).fill('duplicate'), 'new']);
    expect(ticketsOf(all)).toBe(1);
    const kept = await database
      .selectFrom('tickets')
      .select('ticketId')
      .where('senderDigest', '=', digestOfText('bo'))
      .execute();
    expect(kept).toHaveLength(1);
  });

  test('the same words of somebody else, or after the hour, are another ticket', async () => {
    const words = 'Where is my money?';
    const first = await receive({ id: 'w-1', sender: 'cy', words });
    const others = [await receive({ id: 'w-2', sender: 'di', words })];
    minutes += 61;
    others.push(await receive({ id: 'w-3', sender: 'cy', words }));
    expect(statesOf(others)).toEqual(['new', 'new']);
    expect(ticketsOf([first, ...others])).toBe(3);
  });

  test('more than two of one sender and subject in five minutes are a loop, and make no ticket', async () => {
    const send = (n: number) => receive({ id: `l-${n}`, sender: 'robot', subject: 'Out of office', words: `Nr. ${n}` });
    const looping = [await send(1), await send(2), await send(3), await send(4)];
    expect(looping.map(({ state }) => state)).toEqual(['new', 'new', 'loop', 'loop']);
    expect(ticketsOf(looping)).toBe(2);
    minutes += 6;
    expect(await send(5)).toMatchObject({ state: 'new' });
  });

  test('of ten that loop at once two are tickets', async () => {
    const all = await Promise.all(
      TEN.map((n) => receive({ id: `m-${n}`, sender: 'robots', subject: 'Hi', words: `${n}` })),
    );
    expect(statesOf(all)).toEqual([...Array(8).fill('loop'), 'new', 'new']);
  });

  test('an answer joins the thread of its own sender, and is told where that lies', async () => {
    const { ticketId } = await receive({ id: 't-1', sender: 'eli' });
    expect(await receive({ id: 't-2', sender: 'eli', answers: 't-1' })).toMatchObject({
      state: 'reply',
      ticketId,
      destination: null,
    });
    await assign(ticketId, 'cash');
    expect(await receive({ id: 't-3', sender: 'eli', answers: 't-2' })).toMatchObject({
      state: 'reply',
      ticketId,
      destination: 'cash',
    });
  });

  test.each([
    ['a stranger', { sender: 'eve' }, 'new'],
    ['somebody who is not who they say', { sender: 'flo', authentic: false }, 'new'],
    ['the sender, to a message that we never had', { sender: 'flo', answers: 'no-such' }, 'new'],
  ])('an answer of %s joins nothing', async (who, change, state) => {
    const { ticketId } = await receive({ id: `of-${who}`, sender: 'flo' });
    const answered = await receive({ id: `by-${who}`, answers: `of-${who}`, ...change });
    expect(answered).toMatchObject({ state });
    expect(answered['ticketId']).not.toBe(ticketId);
  });

  test('a forged sender stands in nobody’s way: neither their words, nor their subject, nor their ids are taken for the real one’s', async () => {
    const about = { sender: 'gus', subject: 'Stolen card', words: 'My card was stolen.' };
    for (const n of [1, 2, 3]) await receive({ ...about, id: `f-${n}`, words: `Nr. ${n}`, authentic: false });
    const forged = await receive({ ...about, id: 'f-real', authentic: false });
    expect(await receive({ ...about, id: 'f-real', authentic: false })).toMatchObject({ state: 'duplicate' });
    const real = await receive({ ...about, id: 'f-real' });
    expect(real).toMatchObject({ state: 'new' });
    expect(real['ticketId']).not.toBe(forged['ticketId']);
    expect(await receive({ ...about, id: 'f-4', words: 'Hello?', answers: 'f-1' })).toMatchObject({ state: 'new' });
  });

  test('a ticket lies in one place: the same again changes nothing, another one is refused', async () => {
    const { ticketId } = await receive({ id: 'p-1', sender: 'hal' });
    await assign(ticketId, 'cash', { note: 'First.' });
    expect(await assign(ticketId, 'cash', { note: 'Second.' })).toMatchObject({ ticketId, destination: 'cash' });
    const { failure } = await failureOf(assign(ticketId, 'cards'));
    expect(failure).toMatchObject({ type: 'ToolRejected', details: { reason: 'the ticket lies in another place' } });
    expect(await ticket(ticketId)).toMatchObject({ destination: 'cash', note: 'First.' });
  });

  test('what was redacted stands in the note of the queue again', async () => {
    const { ticketId } = await receive({ id: 'r-1', sender: 'ida' });
    const identifiers = [
      { mark: '[card-1]', value: '4111 1111 1111 1111' },
      { mark: '[mail-2]', value: 'ida@north.example' },
    ];
    await assign(ticketId, 'cards', { note: 'Asks for [mail-2] about [card-1], not [card-9].', identifiers });
    expect((await ticket(ticketId)).note).toBe('Asks for ida@north.example about 4111 1111 1111 1111, not [card-9].');
  });

  test('a correction moves a ticket from where it lies, and is kept for whoever judges the readings', async () => {
    const [right, wrong] = [await receive({ id: 'c-1', sender: 'joe' }), await receive({ id: 'c-2', sender: 'kim' })];
    await database.deleteFrom('ticketReadings').execute();
    await classify(right['ticketId'], 'cash', 0.9);
    await assign(right['ticketId'], 'cash');
    await classify(wrong['ticketId'], 'cash', 0.7);
    await assign(wrong['ticketId'], 'cash');
    expect(await correct(wrong['ticketId'], 'cash', 'cards')).toMatchObject({ destination: 'cards' });
    expect((await failureOf(correct(wrong['ticketId'], 'cash', 'cards'))).failure.type).toBe('ToolRejected');
    expect(await ticket(wrong['ticketId'])).toMatchObject({ destination: 'cards', rule: 'corrected' });
    const outcomes = await database.selectFrom('ticketOutcomes').selectAll().execute();
    expect(outcomes).toMatchObject([{ ticketId: wrong['ticketId'], wrong: 'cash', right: 'cards', by: 'sol' }]);
    expect(await agreementOf(database)).toEqual({
      readings: 2,
      corrected: 1,
      agreement: 0.5,
      meanConfidence: { agreeing: 0.9, disagreeing: 0.7 },
      confusions: [{ read: 'cash', right: 'cards', times: 1 }],
    });
  });

  test.each<[string, (ticketId: string) => Promise<Answer>]>([
    ['read', (ticketId) => classify(ticketId, 'cash', 1)],
    ['assigned', (ticketId) => assign(ticketId, 'cash')],
    ['corrected', (ticketId) => correct(ticketId, 'cash', 'cards')],
  ])('what is no ticket cannot be %s', async (_what, act) => {
    const { failure } = await failureOf(act('tkt-000000000000'));
    expect(failure).toMatchObject({ type: 'ToolRejected', details: { reason: 'there is no such ticket' } });
  });
});
