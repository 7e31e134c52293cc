import type { Client } from '@temporalio/client';
import type { Person } from '../../contracts/directory.ts';
import type { Release } from '../../contracts/release.ts';
import type { PastDecision } from '../../contracts/tools/audit.ts';
import type { Signer } from '../answering.ts';
import type { Access } from './access/access.ts';
import type { WebhookSource } from './webhooks.ts';

/** Where decisions are looked up once their cases are over. */
export interface DecisionBook {
  list(query: DecisionQuery): Promise<PastDecisions>;
}

export interface PastDecisions {
  readonly decisions: PastDecision[];
  /** True where there are more than these. */
  readonly more: boolean;
}

export interface DecisionQuery {
  /** Whose decisions. */
  readonly tenant: string;
  readonly caseId?: string | undefined;
  readonly process?: string | undefined;
  readonly kind?: string | undefined;
  readonly subject?: string | undefined;
  readonly limit: number;
}

/** Where releases are. */
export interface ReleaseShelf {
  ids(): Promise<readonly string[]>;
  currentId(): Promise<string>;
  release(id: string): Promise<Release>;
  /** What a case of each process may spend under a release, micro-dollars. */
  caps(id: string): Promise<Readonly<Record<string, number>>>;
}

/** Takes what happened, without names or contents; pino's loggers are one. */
export interface HttpLog {
  info(fields: Readonly<Record<string, unknown>>, words: string): void;
  warn(fields: Readonly<Record<string, unknown>>, words: string): void;
  error(fields: Readonly<Record<string, unknown>>, words: string): void;
}

/** How much one caller may ask for. */
export interface Limits {
  /** Calls a minute that a caller may go on making; a quarter of them at once. */
  readonly callsPerMinute: number;
  /** The most that starting a case, or a delivery, may say; bytes. */
  readonly startBytes: number;
  /** The most that any other call may say; bytes. */
  readonly bodyBytes: number;
  /** Streams that one caller may hold open. */
  readonly streams: number;
}

export const LIMITS: Limits = { callsPerMinute: 1200, startBytes: 1_500_000, bodyBytes: 65_536, streams: 20 };

/** What the API is made of; workers/api.ts puts the real parts together, and tests theirs. */
export interface HttpParts {
  readonly client: Client;
  readonly taskQueue: string;
  /** Whoever works here, read anew each time. */
  people(): Promise<readonly Person[]>;
  /** Signs answers; without it they are merely asserted, which only an installation without keys takes. */
  readonly signer?: Signer | undefined;
  readonly decisions: DecisionBook;
  readonly releases: ReleaseShelf;
  readonly access: Pick<Access, 'mount'>;
  readonly webhooks?: Readonly<Record<string, WebhookSource>> | undefined;
  /** The one tool of an agent. */
  toolOf(agent: string): string;
  /** Whether the server knows our search attributes. */
  knowsAttributes(): Promise<boolean>;
  /** Temporal's Web UI. */
  readonly uiUrl?: string | undefined;
  /** The folder of the desk's page; without it there is none. */
  readonly deskDir?: string | undefined;
  readonly log: HttpLog;
  /** Runs every call, which gives its status once the answer begins. */
  readonly around?: (
    call: { readonly operation: string; readonly traceparent: string | undefined },
    run: () => Promise<number>,
  ) => Promise<void>;
  readonly limits?: Partial<Limits>;
  /** Aborted when the process is told to stop: long polls and streams end then. */
  readonly stopping?: AbortSignal | undefined;
  readonly now?: () => number;
}
