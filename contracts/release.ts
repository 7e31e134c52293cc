import { z } from 'zod';
import { MicroUsd } from './money.ts';
import type { Policy } from './policy.ts';

/**
 * A release freezes what the agents declare: per agent a prompt version by hash, its bounds, its queue and what one
 * call can cost at worst; and one version of the policy. It is never changed; `prompts/current` names the one that new
 * cases take.
 */
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Id = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/);

const PromptChoice = z.strictObject({
  version: z.string().regex(/^v[1-9][0-9]{0,3}$/),
  sha256: Sha256,
  /** Share of the cases, beside the other choices' weights. */
  weight: z.int().min(1).max(1000),
});

const Bounds = {
  /** Model calls of one step, every attempt included. */
  iterations: z.int().min(1).max(10),
  maxInputBytes: z.int().min(500).max(100_000),
  maxOutputTokens: z.int().min(50).max(32_000),
  /** For one attempt, milliseconds. */
  timeoutMs: z.int().min(1000).max(600_000),
  /** For the step with all its attempts, milliseconds; what comes after is a person's decision. */
  patienceMs: z.int().min(1000).max(3_600_000),
  /** What one model call can cost at worst. */
  worstCaseMicroUsd: MicroUsd,
  taskQueue: z.string().min(1).max(100),
};

export const Release = z.strictObject({
  id: Id,
  createdAt: z.iso.datetime(),
  /** Why it was made, for `git log` and people. */
  note: z.string().max(500),
  policy: z.strictObject({ id: Id, sha256: Sha256 }),
  /** Date of the price table that the worst cases were computed with. */
  prices: z.iso.date(),
  agents: z.record(z.string(), z.strictObject({ prompts: z.array(PromptChoice).min(1).max(5), ...Bounds })),
});
export type Release = z.output<typeof Release>;

/** What one agent may do in one case: the release's row with its split resolved. */
export interface AgentPin {
  readonly prompt: { readonly version: string; readonly sha256: string };
  readonly iterations: number;
  readonly maxInputBytes: number;
  readonly maxOutputTokens: number;
  readonly timeoutMs: number;
  readonly patienceMs: number;
  readonly worstCaseMicroUsd: number;
  readonly taskQueue: string;
}

/** What of it the agent's activity needs; queue and patience are the workflow's to keep. */
export type StepPin = Omit<AgentPin, 'taskQueue' | 'patienceMs'>;

/** What a case loads once, at its start, and carries to its end. */
export interface CaseRelease {
  readonly id: string;
  readonly policy: Policy;
  readonly agents: Readonly<Record<string, AgentPin>>;
  /** Heartbeat timeout of the agent activities in this installation, milliseconds. */
  readonly heartbeatTimeoutMs: number;
  /** True where answers come from the embedded rules instead of a model. */
  readonly simulated: boolean;
  /** False where the server does not know our search attributes: setting one would wedge the run. */
  readonly searchAttributes: boolean;
  /** True where an activity checks who answers; a case that began before there was one goes on without. */
  readonly answersChecked?: boolean;
  /** Names that the case was started with, of people whom the directory has under another one. */
  readonly alsoKnown?: readonly { readonly called: string; readonly person: string }[];
  /**
   * True where nothing that a timer does hangs on whether an answer was checked before or after it: a replay hears of
   * local activities earlier than the run did. Once it did hang on that.
   */
  readonly steadyWaits?: boolean;
  /** True where a customer's answer is told to the clock of its ticket; once it was not. */
  readonly repliesHeard?: boolean;
  /** True where people are shown all that tools have answered about what they decide, and sign it; once it was less. */
  readonly wholeEvidence?: boolean;
  /** True where nobody is asked to approve a document whose case they have started themselves; once they were, in vain. */
  readonly callerPassedOver?: boolean;
}

/** All of a release that this version acts on: the compiler asks for what is new. */
const KNOWN: Readonly<Record<keyof CaseRelease, true>> = {
  id: true,
  policy: true,
  agents: true,
  heartbeatTimeoutMs: true,
  simulated: true,
  searchAttributes: true,
  answersChecked: true,
  alsoKnown: true,
  steadyWaits: true,
  repliesHeard: true,
  wholeEvidence: true,
  callerPassedOver: true,
};

/** What a later version has put into a release. Whoever does not know it must not go on with the case. */
export const unknownIn = (release: CaseRelease): string[] => Object.keys(release).filter((key) => !(key in KNOWN));
