import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModels } from '../../models/index.ts';
import type { Candidate, Models } from '../../models/model.ts';
import { idOf, type Scenario, SIDES, type SideName } from './cases.ts';
import { wrongEffects } from './far-side.ts';
import { governorSide } from './governor-side.ts';
import type { Habits } from './loop-model.ts';
import { loopSide } from './loop-side.ts';
import { openOutside } from './outside.ts';
import type { Ended } from './side.ts';

/** One order on one side: what it cost, how it ended, and what is left in the world. */
export interface Row extends Ended {
  readonly side: SideName;
  readonly scenario: Scenario;
  readonly wrong: readonly string[];
  /** Calls of the tool that misbehaved. */
  readonly triedFaulty: number;
}

export interface CompareParts {
  /** Host and port of a Temporal server. */
  readonly address: string;
  readonly bundlePath: string;
  readonly promptsDir: string;
  readonly habits: Habits;
  /** For so many calls of an order a tool misbehaves. */
  readonly lasting: number;
}

interface Stoppable {
  close(): Promise<void>;
}

/** Serves the same orders on both sides, over the same tools and with the same model, one after the other. */
export async function compare(scenarios: readonly Scenario[], parts: CompareParts): Promise<Row[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'governor-compare-'));
  const opened: Stoppable[] = [{ close: () => rm(stateDir, { recursive: true, force: true }) }];
  const open = <P extends Stoppable>(part: P): P => {
    opened.push(part);
    return part;
  };
  try {
    const outside = await openOutside(stateDir, scenarios, parts.lasting);
    open({ close: () => outside.stop() });
    const models = createModels({});
    const sides = {
      governor: open(await governorSide({ ...parts, toolsUrl: outside.url, models })),
      loop: open(loopSide(outside.url, sameModel(models), parts.habits)),
    };
    const serve = async (side: SideName, scenario: Scenario): Promise<Row> => {
      const ended = await sides[side].serve(scenario);
      const wrong = await wrongEffects(outside.database, side, scenario, ended);
      const triedFaulty = scenario.fault ? outside.calls(idOf(side, scenario), scenario.fault.tool) : 0;
      return { ...ended, side, scenario, wrong, triedFaulty };
    };
    return await inTurn(scenarios, serve);
  } finally {
    for (const part of opened.reverse()) await part.close();
  }
}

/** Some at once, since most of the time is spent waiting. */
const ABREAST = 5;

async function inTurn(
  scenarios: readonly Scenario[],
  serve: (side: SideName, scenario: Scenario) => Promise<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let first = 0; first < scenarios.length; first += ABREAST) {
    const some = scenarios.slice(first, first + ABREAST);
    rows.push(...(await Promise.all(some.flatMap((one) => SIDES.map((side) => serve(side, one))))));
  }
  return rows;
}

/** The model that the agents' tier stands for here, so that a token costs the same on both sides. */
function sameModel(models: Models): Candidate {
  const bounds = { maxInputBytes: 10_000, maxOutputTokens: 600, worstCaseMicroUsd: Number.MAX_SAFE_INTEGER };
  const [candidate] = models.plan({ tier: 'fast', stakes: 'normal', failed: [], ...bounds }).candidates;
  if (!candidate) throw new Error('No model of tier fast may be asked.');
  return candidate;
}
