import type { Release } from '../../contracts/release.ts';

/** A prompt version as it is typed, with its share of the cases. */
export interface Share {
  readonly version: string;
  readonly weight: number;
}

export interface PublishOrder {
  readonly prompts: Readonly<Record<string, readonly Share[]>>;
  readonly latest: boolean;
  readonly policy?: string;
  readonly note: string;
}

export interface PromptHistory {
  readonly agent: string;
  /** In the current release, with weights where there are several. */
  readonly inUse: readonly Share[];
  readonly released: readonly string[];
  readonly onDisk: readonly string[];
}

/** What the commands on releases and prompts ask for; each throws with a sentence that people can read. */
export interface ReleaseDesk {
  readonly agents: readonly string[];
  currentId(): Promise<string>;
  ids(): Promise<readonly string[]>;
  release(id: string): Promise<Release>;
  /** Everything that speaks against it, in sentences; nothing where it is good. */
  check(id: string): Promise<readonly string[]>;
  publish(order: PublishOrder): Promise<Release>;
  use(id: string): Promise<Release>;
  rollback(agent: string, version: string | undefined): Promise<Release>;
  history(agent: string): Promise<PromptHistory>;
}
