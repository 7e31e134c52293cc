import type { CaseEnd, CaseRun, Governor } from '../../../client/index.ts';
import type { Example } from '../examples.ts';
import { type Stage, startExample } from '../stage.ts';

/** One case of this evening. */
export interface ChaosCase {
  readonly run: CaseRun;
  readonly example: Example;
  /** What has to come of it. */
  expected: Pick<Example['expected'], 'outcome' | 'effects'>;
  /** How it ended, as soon as it has. */
  end?: CaseEnd;
}

/** All cases that were begun, however they began. */
export class Cases {
  readonly all: ChaosCase[] = [];
  readonly #stage: Pick<Stage, 'governor' | 'evening'>;

  constructor(stage: Pick<Stage, 'governor' | 'evening'>) {
    this.#stage = stage;
  }

  async start(example: Example): Promise<ChaosCase> {
    return this.adopt(await startExample(this.#stage, example), example);
  }

  async startAll(examples: readonly Example[]): Promise<void> {
    await Promise.all(examples.map((example) => this.start(example)));
  }

  /** One that somebody else has started; it is ours once, however often we hear of it. */
  adopt(run: CaseRun, example: Example): ChaosCase {
    const known = this.of(run.workflowId);
    if (known) return known;
    const begun: ChaosCase = { run, example, expected: example.expected };
    this.all.push(begun);
    // Whoever waits for it hears that it never ended.
    hearEnd(this.#stage.governor, begun).catch(() => undefined);
    return begun;
  }

  of(workflowId: string): ChaosCase | undefined {
    return this.all.find(({ run }) => run.workflowId === workflowId);
  }

  get open(): ChaosCase[] {
    return this.all.filter(({ end }) => !end);
  }
}

async function hearEnd(governor: Governor, begun: ChaosCase): Promise<void> {
  begun.end = await governor.result(begun.run);
}
