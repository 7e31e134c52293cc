import type { Person } from './directory.ts';
import type { DocumentPolicy, Stage } from './document-policy.ts';
import type { DocumentSubject } from './documents.ts';

/** Who is asked, one stage after the other; or why nobody can be. */
export type ApprovalPlan =
  | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
  | { readonly kind: 'nobody'; readonly why: string };

/**
 * Reads the matrix. The amount counts without its sign, so that a large credit note is a large document.
 * @param known people of the directory, as it is now
 * @param excluded names under which the author and the sender of the document are known
 */
export function planApprovals(
  policy: Pick<DocumentPolicy, 'matrix' | 'standIns'>,
  subject: DocumentSubject,
  known: readonly Person[],
  excluded: readonly string[],
): ApprovalPlan {
  const row = rowFor(policy.matrix, subject);
  if (!row) return { kind: 'nobody', why: `the policy names nobody for a document of the kind ${subject.kind}` };
  const mayAnswer = (name: string): boolean => {
    const person = known.find((each) => each.person === name);
    return person !== undefined && !excluded.some((other) => isCalled(person, other));
  };
  const standIns = policy.standIns.filter(mayAnswer);
  const taken = new Set<string>();
  const stages: Stage[] = [];
  for (const { approvers, needed } of row.stages) {
    // Whoever has approved in an earlier stage would only repeat themselves.
    const free = approvers.filter((name) => mayAnswer(name) && !taken.has(name));
    const fillers = standIns.filter((name) => !free.includes(name) && !taken.has(name));
    const asked = [...free, ...fillers.slice(0, Math.max(0, needed - free.length))];
    if (asked.length < needed)
      return { kind: 'nobody', why: `${needed} people have to approve, and only ${asked.length} may` };
    for (const name of asked) taken.add(name);
    stages.push({ approvers: asked, needed });
  }
  return { kind: 'stages', stages };
}

/** The narrowest row that the document fits into; where its currency has none, the one for all currencies. */
function rowFor(matrix: DocumentPolicy['matrix'], { kind, currency, amountMinor }: DocumentSubject) {
  const size = amountMinor === null ? null : Math.abs(amountMinor);
  const own = matrix
    .filter((row) => row.kind === kind && row.currency !== null && row.currency === currency && size !== null)
    .filter(({ upToMinor }) => upToMinor === null || (size ?? 0) <= upToMinor)
    .sort((one, other) => (one.upToMinor ?? Number.MAX_SAFE_INTEGER) - (other.upToMinor ?? Number.MAX_SAFE_INTEGER));
  return own[0] ?? matrix.find((row) => row.kind === kind && row.currency === null);
}

/** As people read names. */
export const isCalled = ({ person, aliases }: Person, name: string): boolean =>
  [person, ...aliases].some((each) => each.toLowerCase() === name.trim().toLowerCase());
