import { isCalled } from '../contracts/approval-matrix.ts';
import type { Person } from '../contracts/directory.ts';
import { DocumentAmendment, type DocumentRequest, documentOf, VoidInput, versionOf } from '../contracts/documents.ts';
import { VOID } from '../contracts/messages.ts';
import type { Requests } from './approval.ts';
import { listenFor, listenForAmendments } from './listening.ts';

/** What people do to a case while it runs: it is taken back, or a new version is sent into it. */
export type Interruption =
  | { readonly kind: 'void'; readonly by: string; readonly why: string }
  | { readonly kind: 'superseded' };

/** Hears of new versions and of the end, and tells the story between its steps. */
export class DocumentMoves {
  readonly #request: DocumentRequest;
  readonly #mayVoid: readonly Person[];
  readonly #mostVersions: number;
  #voided: { readonly by: string; readonly why: string } | undefined;
  #current: string;
  #next: string | undefined;
  #versions = 1;
  #decided = false;

  constructor(request: DocumentRequest, requests: Requests, mayVoid: readonly Person[], mostVersions: number) {
    this.#request = request;
    this.#mayVoid = mayVoid;
    this.#mostVersions = mostVersions;
    this.#current = request.doc_id;
    listenForAmendments(
      DocumentAmendment,
      requests,
      ({ doc_id }) => {
        this.#next = doc_id;
      },
      ({ doc_id }) => this.#refuseVersion(doc_id),
    );
    listenFor(
      VOID,
      VoidInput,
      ({ by, reason }) => {
        this.#voided ??= { by, why: reason };
        requests.withdraw();
      },
      ({ by }) => this.#refuseVoid(by),
    );
  }

  /** The version that the case is about now; whatever was pending has become it. */
  take(): string {
    if (this.#next) {
      this.#current = this.#next;
      this.#versions += 1;
    }
    this.#next = undefined;
    return this.#current;
  }

  /** The store has said which version it read. */
  isReally(docId: string): void {
    this.#current = docId;
  }

  get interruption(): Interruption | undefined {
    if (this.#voided) return { kind: 'void', ...this.#voided };
    return this.#next === undefined ? undefined : { kind: 'superseded' };
  }

  get takesVersions(): boolean {
    return this.#versions < this.#mostVersions;
  }

  /** From here on nothing changes the case any more. */
  decide(): void {
    this.#decided = true;
  }

  #refuseVersion(docId: string): string | undefined {
    if (this.#decided || this.#voided) return 'The document is decided on already.';
    if (documentOf(docId) !== documentOf(this.#request.doc_id)) return 'This case is about another document.';
    const last = versionOf(this.#next ?? this.#current) ?? 0;
    if ((versionOf(docId) ?? 0) <= last) return `A new version comes after ${this.#next ?? this.#current}.`;
    return this.takesVersions ? undefined : `A case takes ${this.#mostVersions} versions at most; start a new one.`;
  }

  #refuseVoid(by: string): string | undefined {
    if (this.#decided || this.#voided) return 'The document is decided on already.';
    const own = by.trim().toLowerCase() === this.#request.requestedBy.trim().toLowerCase();
    if (own || this.#mayVoid.some((person) => isCalled(person, by))) return undefined;
    return 'Only whoever asked for it, or somebody whom the policy lets, takes it back.';
  }
}
