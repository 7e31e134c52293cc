import type { Agent } from '../agents/define-agent.ts';
import { agents as catalogue } from '../agents/index.ts';
import type { Directory } from '../contracts/directory.ts';
import { Failed } from '../contracts/failures.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Release } from '../contracts/release.ts';
import { adoptionProblems } from './check.ts';
import { type PinnedVersion, PromptFiles } from './files.ts';
import { broken } from './read.ts';
import type { Prompt } from './template.ts';

/** What a worker reads prompts, policies and releases through. */
export interface PromptStore {
  /** The id of what `release` without an id gives. */
  currentReleaseId(): Promise<string>;
  /**
   * The release that new cases take. `current` is looked at each time; where it names a broken release, the last good
   * one of this process stays, and `report` is told.
   * @throws Failed ReleaseBroken where there has been no good one
   */
  current(): Promise<Release>;
  /** @throws Failed ReleaseBroken */
  release(id: string): Promise<Release>;
  /** @throws Failed ReleaseBroken */
  policy(pin: Release['policy']): Promise<Policy>;
  /** @throws Failed PromptMissing where this worker lacks that text; it takes no other */
  prompt(agent: string, pin: PinnedVersion): Promise<Prompt>;
  /** @throws Failed ReleaseBroken */
  directory(): Promise<Directory>;
}

export interface StoreOptions {
  /** The agents that this worker knows; a release whose prompts do not fit them is not taken. */
  readonly agents?: Readonly<Record<string, Agent>>;
  /** Told once about each problem with `current`, and once when it is over. Writes to stderr by default. */
  readonly report?: (message: string) => void;
}

export function openPromptStore(dir: string, options: StoreOptions = {}): PromptStore {
  const files = new PromptFiles(dir);
  const adoption = new Adoption(files, options.agents ?? catalogue, options.report ?? reportToStderr);
  return {
    currentReleaseId: async () => (await adoption.current()).id,
    current: () => adoption.current(),
    release: (id) => files.release(id),
    policy: (pin) => files.policy(pin),
    prompt: (agent, pin) => files.prompt(agent, pin),
    directory: () => files.directory(),
  };
}

/** Which release this process gives to new cases. */
class Adoption {
  readonly #files: PromptFiles;
  readonly #agents: Readonly<Record<string, Agent>>;
  readonly #report: (message: string) => void;
  #lastGood: Release | undefined;
  #reported: string | undefined;

  constructor(files: PromptFiles, agents: Readonly<Record<string, Agent>>, report: (message: string) => void) {
    this.#files = files;
    this.#agents = agents;
    this.#report = report;
  }

  async current(): Promise<Release> {
    try {
      this.#lastGood = await this.#adopt(await this.#files.currentId());
      this.#settled(this.#lastGood.id);
      return this.#lastGood;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (!this.#lastGood) throw error;
      this.#complain(`${error.message} New cases keep ${this.#lastGood.id}.`);
      return this.#lastGood;
    }
  }

  async #adopt(id: string): Promise<Release> {
    if (id === this.#lastGood?.id) return this.#lastGood;
    const release = await this.#files.release(id);
    const problems = await adoptionProblems(release, this.#files, this.#agents);
    if (problems.length > 0)
      throw broken(`The release ${id} is refused: ${problems.join(' ')}`, { release: id, problems });
    return release;
  }

  #complain(message: string): void {
    if (message === this.#reported) return;
    this.#reported = message;
    this.#report(message);
  }

  #settled(id: string): void {
    if (this.#reported) this.#report(`The release ${id} is good; new cases take it.`);
    this.#reported = undefined;
  }
}

const reportToStderr = (message: string): void => {
  process.stderr.write(`RELEASE: ${message}\n`);
};
