import { setTimeout as wait } from 'node:timers/promises';
import type { ProtocolName } from '../../outside/model-protocols.ts';
import type { Holds } from '../support/crash/holds.ts';
import type { Random } from '../support/random.ts';
import { Deck } from './deck.ts';
import type { SoakHouse, SoakWorker } from './house.ts';
import type { ModelSide } from './model-side.ts';
import type { EffectCall } from './tool-side.ts';

/** What happens to processes and providers. */
export const STRIKES = [
  'worker killed before an effect',
  'worker killed after an effect',
  'worker frozen',
  'all workers down',
  'workers restarted in turn',
  'server restarted',
  'first provider out',
  'all providers out',
] as const;
export type Strike = (typeof STRIKES)[number];

const WORKERS = 3;
/** Longer than a heartbeat may be missing, so that others take over and the frozen one wakes up as a stranger. */
const FROZEN_MS = 8000;
const DOWN_MS = 4000;
const OUTAGE_MS = 2500;
/** Where nothing is under way for so long, there is nothing to strike. */
const WAIT_FOR_EFFECT_MS = 15_000;

/** Kills, freezes, restarts and cuts off, one after the other, and leaves as many workers as it found. */
export class Storm {
  readonly deck: Deck<Strike>;
  readonly #house: SoakHouse;
  readonly #models: ModelSide;
  readonly #random: Random;
  #workers: SoakWorker[] = [];

  constructor(house: SoakHouse, models: ModelSide, random: Random) {
    this.#house = house;
    this.#models = models;
    this.#random = random;
    this.deck = new Deck(STRIKES, random);
  }

  async begin(): Promise<void> {
    this.#workers = await Promise.all(Array.from({ length: WORKERS }, () => this.#house.startWorker()));
  }

  /** Strikes once, and comes back when all is up again. */
  async strike(): Promise<Strike> {
    const strike = this.deck.deal();
    if (await this.#does[strike]()) this.deck.count(strike);
    return strike;
  }

  readonly #does: Readonly<Record<Strike, () => Promise<boolean>>> = {
    'worker killed before an effect': () => this.#killAt(this.#house.tools.before, 'keep'),
    'worker killed after an effect': () => this.#killAt(this.#house.tools.after, 'release'),
    'worker frozen': async () => {
      const { pid } = this.#random.pick(this.#workers);
      process.kill(pid, 'SIGSTOP');
      await wait(FROZEN_MS);
      return process.kill(pid, 'SIGCONT');
    },
    'all workers down': async () => {
      await Promise.all(this.#workers.map((worker) => worker.stop('SIGKILL')));
      await wait(DOWN_MS);
      await this.begin();
      return true;
    },
    'workers restarted in turn': async () => {
      for (const worker of this.#workers) await this.#replace(worker, 'SIGTERM');
      return true;
    },
    'server restarted': async () => {
      await this.#house.restartServer();
      return true;
    },
    'first provider out': () => this.#outage(['messages']),
    'all providers out': () => this.#outage(['messages', 'chat']),
  };

  /** Kills the worker whose call of an effect is on its way, or has been answered and is on its way back. */
  async #killAt(holds: Holds<EffectCall>, then: 'keep' | 'release'): Promise<boolean> {
    let victim = '';
    const hold = holds.hold((call) => {
      victim = call.worker;
      return true;
    });
    const isReached = await Promise.race([
      hold.reached.then(() => true),
      wait(WAIT_FOR_EFFECT_MS, false, { ref: false }),
    ]);
    const worker = this.#workers.find(({ name }) => name === victim);
    if (isReached && worker) await this.#replace(worker, 'SIGKILL');
    // A call that is kept never reaches the tools, as if its line had been cut with its worker.
    if (!isReached || !worker || then === 'release') hold.release();
    return isReached && worker !== undefined;
  }

  async #replace(worker: SoakWorker, signal: NodeJS.Signals): Promise<void> {
    await worker.stop(signal);
    const next = await this.#house.startWorker();
    this.#workers = this.#workers.map((one) => (one === worker ? next : one));
  }

  async #outage(providers: readonly ProtocolName[]): Promise<boolean> {
    for (const provider of providers) await this.#models.cut(provider);
    await wait(OUTAGE_MS);
    for (const provider of providers) await this.#models.restore(provider);
    return true;
  }
}
