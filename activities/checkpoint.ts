import { activityInfo, getClient, heartbeat } from '@temporalio/activity';
import { ActivityCancelledError } from '@temporalio/client';
import { MAX_CHECKPOINT_BYTES, NOTHING_YET, withLostCalls } from '../contracts/checkpoint.ts';
import type { AgentTask, Checkpoint, ModelCall, Proposal } from '../contracts/decision.ts';
import type { Failure } from '../contracts/failures.ts';
import { resultTooLarge } from './failures.ts';

/**
 * What an attempt knows so far, kept at the server. A timer of ours sends it with every beat, because a bare beat would
 * overwrite it, and `save` waits until the server has it.
 */
export class Progress {
  #now: Checkpoint;
  readonly #beat: NodeJS.Timeout;

  private constructor(begin: Checkpoint, beatMs: number) {
    this.#now = begin;
    this.#beat = setInterval(() => heartbeat(this.#now), beatMs);
  }

  /** Goes on where the last attempt stopped, with the calls counted in that it may have lost. */
  static resume(beatMs: number, worstCaseMicroUsd: number, { seal, complaint }: Pick<AgentTask, 'seal' | 'complaint'>): Progress {
    const { attempt, heartbeatDetails } = activityInfo();
    const last = heartbeatDetails as Checkpoint | undefined;
    const begin = { ...NOTHING_YET, ...(complaint ? { complaint } : {}), ...last };
    const known = seal && !last ? { ...begin, proposal: seal.proposal } : begin;
    return new Progress({ ...withLostCalls(known, attempt - 1, worstCaseMicroUsd), attempt, ended: false }, beatMs);
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
    this.#set({ calls: [...this.#now.calls, call], ...(complaint ? { complaint } : {}) });
  }

  /** Gives the proposal up: the tool would not take it, or judge would not let it through. */
  discard(complaint: string): void {
    const { proposal: _given_up, ...rest } = this.#now;
    this.#now = { ...rest, complaint };
    heartbeat(this.#now);
  }

  /** Checkpoints a proposal, and comes back once the server has acknowledged it: from here the model is not asked again. */
  async keep(proposal: Proposal, call?: ModelCall): Promise<void> {
    this.#set({ proposal, calls: call ? [...this.#now.calls, call] : this.#now.calls });
    const bytes = Buffer.byteLength(JSON.stringify(this.#now));
    if (bytes > MAX_CHECKPOINT_BYTES) throw resultTooLarge(bytes, MAX_CHECKPOINT_BYTES);
    try {
      await getClient().activity.heartbeat(activityInfo().taskToken, this.#now);
    } catch (error) {
      // The cancellation reaches us by its own way; the server has kept the details all the same.
      if (!(error instanceof ActivityCancelledError)) throw error;
    }
  }

  /** The last words of an attempt that failed: they go along with its end, for the next attempt and for the case. */
  end(failure?: Failure): Checkpoint {
    this.#now = { ...this.#now, ended: true, ...(failure ? { failure } : {}) };
    heartbeat(this.#now);
    return this.#now;
  }

  /** Stops the beat. */
  stop(): void {
    clearInterval(this.#beat);
  }

  /** The local beat comes first: it stops a pending one from overwriting what the server acknowledges next. */
  #set(change: Partial<Checkpoint>): void {
    this.#now = { ...this.#now, ...change };
    heartbeat(this.#now);
  }
}
