import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { HouseSeen } from './house-look.ts';
import { describeHouse, houseLine } from './house-view.ts';
import { Mistake, type Terminal } from './words.ts';

/** Opens a way to look at the house, for as long as somebody watches. */
export type WithHouse = <T>(use: (look: () => Promise<HouseSeen>) => Promise<T>) => Promise<T>;

interface WatchOptions {
  readonly every: string;
  readonly once?: true;
  readonly json?: true;
}

const SECOND_MS = 1000;
const MOST_SECONDS = 3600;

/** `governor watch`: all cases at once, live. */
export function addWatchCommand(program: Command, withHouse: WithHouse, terminal: Terminal): void {
  program
    .command('watch')
    .description(
      'all cases, live: by stage, cost against cap, breakers, who is waited for; without a terminal a line a look',
    )
    .option('--every <seconds>', 'how often to look', '2')
    .option('--once', 'look once')
    .option('--json', 'a JSON object a look')
    .action(({ every, once, json }: WatchOptions) => {
      const everyMs = secondsOf(every) * SECOND_MS;
      const show = showing(terminal, json);
      return withHouse(async (look) => {
        show(await look());
        while (!once) {
          await sleep(everyMs);
          show(await look());
        }
      });
    });
}

/** @throws Mistake */
function secondsOf(typed: string): number {
  const seconds = Number(typed);
  if (seconds >= 0.5 && seconds <= MOST_SECONDS) return seconds;
  throw new Mistake(`--every takes seconds, from 0.5 to ${MOST_SECONDS}, and not ${typed}.`);
}

function showing({ out, redraw, columns }: Terminal, json: true | undefined): (seen: HouseSeen) => void {
  if (json) return (seen) => out(JSON.stringify(seen));
  if (redraw) return (seen) => redraw(describeHouse(seen, columns).split('\n'));
  return (seen) => out(houseLine(seen));
}
