import type { Said } from '../../client/answering.ts';
import { type CaseHistory, type CaseRun, createGovernor, type Governor } from '../../client/index.ts';
import type { AnswerReply, OpenRequest } from '../../contracts/messages.ts';
import { type Counts, countEffects } from '../../outside/counts.ts';
import { answeringWith } from '../answering.ts';
import type { Child } from '../child.ts';
import type { Config } from '../config.ts';
import type { House } from '../house.ts';
import type { Example } from './examples.ts';
import type { Screen } from './screen.ts';

/** What an act has to work with. */
export interface Stage {
  readonly screen: Screen;
  readonly house: House;
  readonly governor: Governor;
  readonly examples: readonly Example[];
  /** Sets the cases of this evening apart from those of any other. */
  readonly evening: string;
  /** The second worker, from the moment it is ready. */
  readonly spare: Promise<Child>;
  /** A person is there, and may be asked. */
  readonly hasPerson: boolean;
  /** Aborted when the demo is told to stop, and when it is over. */
  readonly stopping: AbortSignal;
  /** Answers in somebody's name, signed. */
  answer(run: CaseRun, request: OpenRequest, by: string, said: Said): Promise<AnswerReply>;
  /** The prompts and releases of this evening: a copy of the house's own. */
  readonly promptsDir: string;
  /** What the far sides hold now. */
  counts(): Promise<Counts>;
  /** The page of a run in Temporal's Web UI; without one, how to name the run. */
  link(run: CaseRun): string;
}

/** What an act leaves for the last screen. */
export interface Shown {
  readonly title: string;
  readonly summary: string;
  /** It came out as the act claims. */
  readonly good: boolean;
  readonly runs: readonly CaseRun[];
}

export interface StageParts extends Pick<Stage, 'screen' | 'house' | 'examples' | 'hasPerson' | 'stopping'> {
  readonly config: Config;
}

export function setStage({ config, ...parts }: StageParts): Stage {
  const { stateDir, temporal } = config;
  const { namespace } = temporal;
  const { house } = parts;
  const governor = createGovernor(house.client, parts.stopping);
  const answer = answeringWith(config);
  const spare = house.startWorker();
  // An act that needs it hears of a failure; one that does not, need not.
  spare.catch(() => undefined);
  return {
    ...parts,
    spare,
    governor,
    promptsDir: config.promptsDir,
    answer: (...said) => answer(governor, ...said),
    evening: Date.now().toString(36).slice(-5),
    counts: () => countEffects({ stateDir }),
    link: ({ workflowId, runId }) =>
      house.uiUrl === undefined
        ? `${workflowId} (run ${runId})`
        : `${house.uiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`,
  };
}

/** The onboarding of that name, which the story tells of. */
export function exampleOf({ examples }: Pick<Stage, 'examples'>, name: string): Example {
  const found = examples.find((example) => example.process === 'onboardCustomer' && example.name === name);
  if (!found) throw new Error(`The example ${name} is missing from examples/.`);
  return found;
}

/** Starts an example under ids of this evening: effects are unique on the request, so each run is a request of its own. */
export function startExample(
  { governor, evening }: Pick<Stage, 'governor' | 'evening'>,
  { process, name, input }: Example,
): Promise<CaseRun> {
  const id = process === 'onboardCustomer' ? name : `${process}-${name}`;
  const request = { ...input, requestId: `${input.requestId}-${evening}` };
  return governor.start(process, request, `${id}-${evening}`);
}

/** The agents that history knows of, in order, each once. */
export const agentsIn = ({ steps }: CaseHistory): string[] => [...new Set(steps.map(({ agent }) => agent))];
