import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { describeProvider } from '../models/index.ts';
import { BadConfig, type Config, loadConfig } from './config.ts';
import { runAll, tableOn } from './demo/all.ts';
import { type Props, setUpProps } from './demo/chaos/props.ts';
import { introduceChaos, showChaos } from './demo/chaos/show.ts';
import { readExamples } from './demo/examples.ts';
import { howToGoOn, lastScreen } from './demo/last-screen.ts';
import { otherWorkers } from './demo/other-workers.ts';
import { demoPlace, type Place } from './demo/place.ts';
import { createScreen, type Screen, seconds } from './demo/screen.ts';
import { type Stage, setStage } from './demo/stage.ts';
import { tellStory } from './demo/story.ts';
import { type House, startHouse } from './house.ts';

const USAGE = `npm run demo                        five acts, then it stays up until Ctrl-C
npm run demo -- --all               every example, with the answers that they bring along
npm run demo -- --chaos             breaks four things while all processes are at work, and counts what held
npm run demo -- --once              the same, but it ends when everything was shown
npm run -s demo -- --once --json    every example, one JSON object each on standard output and nothing else there
npm run -s demo -- --chaos --json   what held, as one JSON object`;

/** What the person wants to see. */
interface Wish {
  readonly all: boolean;
  /** Things are broken on purpose. */
  readonly chaos: boolean;
  /** Ends by itself, and asks nobody. */
  readonly once: boolean;
  readonly json: boolean;
}

function wishOf(args: readonly string[]): Wish | undefined {
  const option = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { all: option, chaos: option, once: option, json: option, help: option },
    });
    const { chaos, json } = values;
    if (values.help || (chaos && values.all)) return undefined;
    // Cases as JSON are all cases, and nobody is asked in between.
    return { chaos, json, all: !chaos && (values.all || json), once: values.once || json };
  } catch {
    return undefined;
  }
}

/** `npm run demo`: starts a house of its own, shows what it can do, and stops it. Gives the exit code. */
async function main(): Promise<number> {
  const wish = wishOf(process.argv.slice(2));
  if (!wish) {
    console.error(USAGE);
    return 2;
  }
  const stopping = stopOnSignals();
  const screen = createScreen(wish.json ? process.stderr : process.stdout);
  const config = loadConfig();
  screen.heading('Governor: AI agents inside bounds');
  if (wish.chaos) introduceChaos(screen);
  else introduceStory(screen, config);
  const ownPlace = await demoPlace(config);
  const props = wish.chaos ? await setUpProps(ownPlace) : undefined;
  const place = props?.place ?? ownPlace;
  const opening = openHouse(place, screen, stopping);
  try {
    return await show(wish, place, screen, await opening, stopping, props);
  } catch (error) {
    if (stopping.aborted) return 130;
    screen.gap();
    screen.verdict(false, error instanceof Error ? error.message : 'The demo failed.');
    screen.say(`What the processes said is in ${place.logDir}.`);
    return 1;
  } finally {
    screen.gap();
    screen.say('Stopping every process …');
    await opening.then((house) => house.stop()).catch(() => undefined);
    await props?.stop();
  }
}

function introduceStory(screen: Screen, { models }: Config): void {
  screen.say(describeProvider(models));
  screen.say(
    'Onboarding a customer takes eight agents, one after the other. Each is one model call and one tool call; a workflow in Temporal decides what comes next, and what it may cost.',
  );
  screen.say('Every figure below is read from histories in Temporal, or counted where the effects ended up.');
}

async function show(
  wish: Wish,
  place: Place,
  screen: Screen,
  house: House,
  stopping: AbortSignal,
  props: Props | undefined,
): Promise<number> {
  const { temporal } = place.config;
  const hasPerson = process.stdout.isTTY && process.stdin.isTTY && !wish.once;
  const over = new AbortController();
  const until = AbortSignal.any([stopping, over.signal]);
  const examples = await readExamples();
  const others = await otherWorkers(house, temporal.namespace);
  if (others > 0) {
    screen.verdict(
      false,
      'Other workers poll the same queue on this server, or did so a minute ago. Where they take cases of this demo, its figures do not add up.',
    );
  }
  const stage = setStage({
    screen,
    house,
    examples,
    hasPerson,
    stopping: until,
    config: place.config,
  });
  try {
    const shown = props ? showBroken(stage, props, wish) : wish.all ? showAll(stage, wish) : showStory(stage);
    const good = await orStopped(shown, stopping);
    if (!wish.once) {
      howToGoOn(stage, place.logDir);
      if (!stopping.aborted) await once(stopping, 'abort');
    }
    return good ? 0 : 1;
  } finally {
    over.abort();
  }
}

async function openHouse({ config, house }: Place, screen: Screen, signal: AbortSignal): Promise<House> {
  screen.heading('Starting a Temporal server, the world outside, the tools and a worker');
  const began = Date.now();
  const opened = await startHouse(config, { ...house, signal, say: screen.say });
  const ui = opened.uiUrl ? `, its Web UI on ${opened.uiUrl}` : '';
  screen.say(`Ready after ${seconds(Date.now() - began)}. Temporal is on ${opened.address}${ui}.`);
  return opened;
}

async function showStory(stage: Stage): Promise<boolean> {
  const shown = await tellStory(stage);
  lastScreen(stage, shown);
  return shown.every(({ good }) => good);
}

async function showBroken(stage: Stage, props: Props, { json }: Wish): Promise<boolean> {
  const report = await showChaos(stage, props, json ? process.stderr : process.stdout);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return report.holds;
}

async function showAll(stage: Stage, { json }: Wish): Promise<boolean> {
  const { screen, examples } = stage;
  screen.heading(`${examples.length} examples, with the answers that they bring along`);
  const table = tableOn(screen);
  table.head();
  const good = await runAll(stage, (done) => {
    if (json) process.stdout.write(`${JSON.stringify(done.report)}\n`);
    table.row(done);
  });
  screen.gap();
  screen.verdict(
    good,
    good ? 'Each ended as its .expect.json says.' : 'Not every example ended as its .expect.json says.',
  );
  return good;
}

/** Aborted by the first signal; a second one ends us at once, and what we started ends with us. */
function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort(new Error('The demo was told to stop.'));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Nobody reads along any more.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => controller.abort());
  return controller.signal;
}

/** What `work` gives, unless the demo is told to stop before. */
function orStopped<T>(work: Promise<T>, stopping: AbortSignal): Promise<T> {
  const stopped = new Promise<never>((_, reject) => {
    if (stopping.aborted) reject(stopping.reason);
    stopping.addEventListener('abort', () => reject(stopping.reason), { once: true });
  });
  return Promise.race([work, stopped]);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof BadConfig || error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
