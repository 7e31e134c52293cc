import { agents } from '../../../agents/index.ts';
import { countOf, seconds } from '../screen.ts';
import { type Chaos, stepOf, tallied } from './chaos.ts';
import { STAND_IN } from './props.ts';
import { until } from './until.ts';

const TITLE = '2 · The provider is cut off';
const BACK_TITLE = '5 · The provider is back';
const PATIENCE_MS = 40_000;
/** For all that is left to do when nothing is broken any more. */
const LAST_PATIENCE_MS = 120_000;

/** No other model may answer these. */
const HIGH_STAKES = Object.values(agents)
  .filter(({ stakes }) => stakes === 'high')
  .map(({ name }) => name as string);

/** What reached the stand-in, by its own books: all questions, and those that should not have. */
export function askedStandIn({ books }: Pick<Chaos['props'], 'books'>): {
  readonly all: number;
  readonly highStakes: number;
} {
  const asked = books.filter(({ model }) => model === STAND_IN);
  return { all: asked.length, highStakes: asked.filter(({ topic }) => HIGH_STAKES.includes(topic)).length };
}

/** The provider that every step asks first goes away, and stays away. */
export async function cutProvider(chaos: Chaos): Promise<void> {
  const { stage, props, crew, people, now } = chaos;
  const { screen, stopping } = stage;
  screen.heading(TITLE);
  screen.say(
    'Another model stands in where little is at stake. Who somebody is, whether they get an account and whether money is paid is never left to a stand-in: such a step waits for a person.',
  );
  await props.first.cut();
  const cutAt = Date.now();
  now('the provider is gone: nobody listens, and open connections were reset');
  screen.fact('cut', `${props.first.url} takes no connection any more, and those that were open are gone`);
  const open = await until(
    async () => (await crew.openBreakers()).find(({ state }) => state === 'open'),
    PATIENCE_MS,
    stopping,
  );
  if (open) {
    screen.fact(
      'breaker',
      `of ${open.model} open in ${open.worker} ${seconds(Date.now() - cutAt)} after the cut: it is not asked any more`,
    );
  }
  const waits = await until(() => [...people.exceptions][0], PATIENCE_MS, stopping);
  if (waits) {
    const [workflowId, request] = waits;
    screen.fact('waits', `${stepOf({ agent: request.step, workflowId })}, for ${request.role}: ${request.asks}`);
  }
  await until(() => askedStandIn(props).all > 0, PATIENCE_MS, stopping);
  const { all, highStakes } = askedStandIn(props);
  screen.verdict(
    open !== undefined && waits !== undefined && all > 0 && highStakes === 0,
    `The stand-in was asked ${countOf(all, 'time')} by now, and never where much is at stake. The provider stays away.`,
  );
}

/** It listens again; people let go on what had to wait, and every case comes to its end. */
export async function restoreProvider(chaos: Chaos): Promise<void> {
  const { stage, props, cases, crew, people, now } = chaos;
  const { screen, stopping } = stage;
  screen.heading(BACK_TITLE);
  const waiting = [...people.exceptions.values()];
  const { all } = askedStandIn(props);
  await props.first.restore();
  const backAt = Date.now();
  now('nothing is broken any more; breakers let one call try');
  screen.fact('meanwhile', `the stand-in was asked ${countOf(all, 'time')}`);
  screen.fact(
    'waited',
    `${countOf(waiting.length, 'case')} for operations: ${tallied(waiting.map(({ step }) => step))}`,
  );
  await until(async () => (await crew.openBreakers()).every(({ state }) => state !== 'open'), PATIENCE_MS, stopping);
  screen.fact('breakers', `let a call try again ${seconds(Date.now() - backAt)} after it came back`);
  people.letGoOn();
  now('nothing is broken any more; operations say retry, one first and then all');
  const done = await until(() => cases.open.length === 0, LAST_PATIENCE_MS, stopping);
  screen.verdict(
    done === true,
    `Operations said retry ${countOf(people.retries, 'time')}, and ${cases.all.length - cases.open.length} of ${countOf(cases.all.length, 'case')} ended, ${seconds(Date.now() - backAt)} after the provider came back.`,
  );
}
