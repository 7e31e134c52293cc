import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancelled, getClient, heartbeat } from '@temporalio/activity';
import { ActivityCancelledError } from '@temporalio/client';
import { MAX_CHECKPOINT_BYTES, NOTHING_YET, withLostCalls } from '../contracts/checkpoint.ts';
import type { AgentTask, Checkpoint, ModelCall, Proposal } from '../contracts/decision.ts';
import type { Failure } from '../contracts/failures.ts';
import { resultTooLarge } from './failures.ts';

/** How long a cancellation that the server has told of may take to reach us, milliseconds. */
const CANCELLATION_MS = 2000;

/**
 * What an attempt knows so far, kept at the server. A timer of ours sends it with every beat, because a bare beat would
 * overwrite it, and `save` waits until the server has it.
 */
export class Progress {
  #now: Checkpoint;
  readonly #timer: NodeJS.Timeout;
  /** Whether a beat of this attempt may still be on its way. */
  #beaten = false;

  private constructor(begin: Checkpoint, beatMs: number) {
    this.#now = begin;
    this.#timer = setInterval(() => this.#beat(), beatMs);
  }

  /** Goes on where the last attempt stopped, with the calls counted in that it may have lost. */
  static resume(
    beatMs: number,
    worstCaseMicroUsd: number,
    { seal, complaint, allowance }: Pick<AgentTask, 'seal' | 'complaint' | 'allowance'>,
  ): Progress {
    const { attempt, heartbeatDetails } = activityInfo();
    const last = heartbeatDetails as Checkpoint | undefined;
    const begin = { ...NOTHING_YET, ...(complaint ? { complaint } : {}), ...last };
    const known = seal && !last ? { ...begin, proposal: seal.proposal } : begin;
    return new Progress(
      { ...withLostCalls(known, attempt - 1, worstCaseMicroUsd, allowance), attempt, ended: false },
      beatMs,
    );
  }

  get calls(): readonly ModelCall[] {
    return this.#now.calls;
  }

  get proposal(): Proposal | undefined {
    return this.#now.proposal;
  }

  get complaint(): string | undefined {
    return this.#now.complaint;
  }

  /** Notes a call that led to no proposal, and why, for the next one to read. */
  called(call: ModelCall, complaint?: string): void {
    this.#now = { ...this.#now, calls: [...this.#now.calls, call], ...(complaint ? { complaint } : {}) };
    this.#beat();
  }

  /** Gives the proposal up: the tool would not take it, or judge would not let it through. */
  discard(complaint: string): void {
    const { proposal: _given_up, ...rest } = this.#now;
    this.#now = { ...rest, complaint };
    this.#beat();
  }

  /**
   * Checkpoints a proposal, and comes back once the server has acknowledged it: from here the model is not asked again.
   * Where an earlier beat may be on its way, a local one goes first: it stops that one from overwriting what is kept here.
   * @throws CancelledFailure where the server says that the activity is cancelled
   */
  async keep(proposal: Proposal, call?: ModelCall): Promise<void> {
    this.#now = { ...this.#now, proposal, calls: call ? [...this.#now.calls, call] : this.#now.calls };
    const bytes = Buffer.byteLength(JSON.stringify(this.#now));
    if (bytes > MAX_CHECKPOINT_BYTES) throw resultTooLarge(bytes, MAX_CHECKPOINT_BYTES);
    if (this.#beaten) this.#beat();
    try {
      await getClient().activity.heartbeat(activityInfo().taskToken, this.#now);
    } catch (error) {
      if (!(error instanceof ActivityCancelledError)) throw error;
      // The server has kept the details all the same. The cancellation itself reaches us by the answer to a local beat.
      this.#beat();
      await Promise.race([cancelled(), sleep(CANCELLATION_MS, undefined, { ref: false })]);
    }
  }

  /** The last words of an attempt that failed: they go along with its end, for the next attempt and for the case. */
  end(failure?: Failure): Checkpoint {
    this.#now = { ...this.#now, ended: true, ...(failure ? { failure } : {}) };
    this.#beat();
    return this.#now;
  }

  /** Stops the beat. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    this.#beaten = true;
    heartbeat(this.#now);
  }
}
