import { setTimeout as sleep } from 'node:timers/promises';
import { countOf, type Screen, seconds } from '../screen.ts';
import type { Stage } from '../stage.ts';
import { Cases } from './cases.ts';
import { castOf } from './cast.ts';
import type { Chaos } from './chaos.ts';
import { Crew } from './crew.ts';
import { cutProvider, restoreProvider } from './cut-provider.ts';
import { doubleAnswers } from './double-answer.ts';
import { doubleCallbacks } from './double-callback.ts';
import { gather } from './evidence.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import { killWorker } from './kill-worker.ts';
import { goLive, type Live } from './live.ts';
import { People } from './people.ts';
import type { Props } from './props.ts';

/** For those who read along, milliseconds. */
const BREATH_MS = 3000;

/** What is going to be seen, before anything has started. */
export function introduceChaos(screen: Screen): void {
  screen.say(
    'Five business processes are at work, and four things break: a worker is killed, the provider of models is cut off, callbacks come twice, and approvals are answered by two people at once.',
  );
  screen.say(
    'Rules answer in place of models, behind two providers that this demo starts; they are asked over the protocols of real ones. Keys that are set are not used, and nothing is spent.',
  );
}

/** What came of it, as one object. */
export interface ChaosReport {
  readonly holds: boolean;
  readonly cases: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly goesOnSeconds: number;
  readonly invariants: readonly Invariant[];
}

/** Breaks four things while all processes are at work, and counts at the far sides what holds. */
export async function showChaos(stage: Stage, props: Props, stream: NodeJS.WriteStream): Promise<ChaosReport> {
  const live = goLive(stream, stage.screen);
  const over = new AbortController();
  try {
    return await breakThings({ ...stage, screen: live.screen }, props, live, over.signal);
  } finally {
    live.stop();
    over.abort();
  }
}

async function breakThings(stage: Stage, props: Props, live: Live, over: AbortSignal): Promise<ChaosReport> {
  const began = Date.now();
  const { screen, house, stopping } = stage;
  const cast = castOf(stage.examples);
  const cases = new Cases(stage);
  const crew = new Crew(props.metricsPort);
  crew.join(house.worker);
  crew.join(await stage.spare);
  const leftAlone = new Set<string>();
  const signal = AbortSignal.any([over, stopping]);
  const people = new People({ ...stage, client: house.client, cases, leftAlone });
  const chaos: Chaos = { stage, props, cast, cases, crew, people, leftAlone, began, now: live.now };
  live.watch(chaos);
  void people.sit(signal);
  const breathe = (): Promise<void> => (stage.hasPerson ? sleep(BREATH_MS, undefined, { signal }) : Promise.resolve());

  const [kill, cut, until] = cast.waves;
  await cases.startAll(kill);
  const killed = await killWorker(chaos);
  await breathe();
  await cases.startAll([...cut, ...cast.whenCut]);
  await cutProvider(chaos);
  await breathe();
  await cases.startAll(until);
  const delivered = await doubleCallbacks(chaos);
  await breathe();
  const answered = await doubleAnswers(chaos);
  await breathe();
  await restoreProvider(chaos);
  const evidence = await gather(chaos, { killed, delivered, answered });
  live.stop();
  const invariants = invariantsOf(evidence);
  showInvariants(stage, invariants);
  const byProcess = Map.groupBy(cases.all, ({ example }) => example.process);
  const ms = Date.now() - began;
  screen.say(
    `${countOf(cases.all.length, 'case')} of ${byProcess.size} processes, ${seconds(ms)} from the first to the last count.`,
  );
  return {
    holds: invariants.every(({ holds }) => holds),
    cases: Object.fromEntries([...byProcess].map(([process, own]) => [process, own.length])),
    seconds: ms / 1000,
    goesOnSeconds: killed.goesOnMs / 1000,
    invariants,
  };
}

const NAME = 46;

function showInvariants({ screen }: Stage, invariants: readonly Invariant[]): void {
  screen.heading('What held, counted at the far sides');
  for (const { holds, name, found, where } of invariants) {
    screen.verdict(holds, `${name.padEnd(NAME)}${found}`);
    for (const words of where) screen.say(`  ${words}`);
  }
  screen.gap();
  const broken = invariants.filter(({ holds }) => !holds);
  screen.verdict(
    broken.length === 0,
    broken.length === 0
      ? 'Four things broke, and nothing was lost, done twice, paid for twice or decided twice.'
      : `Does not hold: ${broken.map(({ name }) => name).join('; ')}.`,
  );
}
