import { countOf, seconds } from '../screen.ts';
import { type Chaos, stepOf, tallied } from './chaos.ts';
import { type InFlight, inFlightOf, inHandOf, isCaughtInTheMiddle } from './in-flight.ts';
import { until } from './until.ts';

const TITLE = '1 · A worker is killed';
/** Steps that it has in hand when it dies. */
const ENOUGH = 2;
const PATIENCE_MS = 30_000;

/** What a dead worker was at, and what became of it. */
export interface Killed {
  /** As the providers knew it. */
  readonly name: string;
  readonly cutOff: readonly InFlight[];
  /** From the kill until all of it was at work again, milliseconds. */
  readonly goesOnMs: number;
  readonly goneOn: number;
}

/** `kill -9`, with no time for a last word. */
export async function killWorker(chaos: Chaos): Promise<Killed> {
  const { stage, cases, crew, now } = chaos;
  const { screen, house, stopping } = stage;
  screen.heading(TITLE);
  const [victim] = crew.alive;
  if (!victim) throw new Error('No worker is left to kill.');
  const { pid } = victim.child;
  screen.say(`Two worker processes share the work. ${victim.name} gets kill -9 while it is in the middle of it.`);
  const open = (): string[] => cases.open.map(({ run }) => run.workflowId);
  await until(() => isCaughtInTheMiddle(house.client, open(), pid, ENOUGH), PATIENCE_MS, stopping);
  await victim.child.stop('SIGKILL');
  const killedAt = Date.now();
  victim.killed = true;
  const cutOff = await inHandOf(house.client, open(), pid);
  const heir = house.startWorker();
  now(`${victim.name} is dead; ${countOf(cutOff.length, 'step')} hang in the air until a heartbeat is missed`);
  screen.fact('kill -9', `of process ${pid}, with ${countOf(cutOff.length, 'step')} in hand`);
  screen.fact('cut off', tallied(cutOff.map(({ agent }) => agent)));
  const times = await Promise.all(cutOff.map((each) => untilGoesOn(chaos, each, killedAt)));
  const back = times.filter((ms) => ms !== undefined);
  const goesOnMs = Math.max(0, ...back);
  now('every step that was cut off went on; a worker starts in the place of the dead one');
  screen.verdict(
    cutOff.length > 0 && back.length === cutOff.length,
    `${back.length} of ${countOf(cutOff.length, 'step')} went on at another worker, the last ${seconds(goesOnMs)} after the kill.`,
  );
  const { name, child } = crew.join(await heir);
  screen.fact('in its place', `${name}, process ${child.pid}`);
  return { name: victim.name, cutOff, goesOnMs, goneOn: back.length };
}

/** Milliseconds from the kill until another attempt has it in hand, or has done it. */
async function untilGoesOn({ stage, now }: Chaos, cut: InFlight, killedAt: number): Promise<number | undefined> {
  const { house, stopping } = stage;
  const goesOn = async (): Promise<boolean> => {
    const pending = await inFlightOf(house.client, cut.workflowId);
    const again = pending.find(({ activityId }) => activityId === cut.activityId);
    return !again || (again.attempt > cut.attempt && again.begun) || again.attempt > cut.attempt + 1;
  };
  if (!(await until(goesOn, PATIENCE_MS, stopping))) return undefined;
  now(`${stepOf(cut)} goes on at another worker`);
  return Date.now() - killedAt;
}
