import type { ReadyAnswer } from '../../client/cli/ready-command.ts';
import type { Person } from '../../contracts/directory.ts';
import { FAILURES } from '../../contracts/failures.ts';
import { Ladder } from '../../contracts/ladder.ts';
import type { Policy } from '../../contracts/policy.ts';
import { allWhoMay, findPerson } from '../../contracts/standing.ts';

/**
 * Whether it is certain where each failure and each question ends up: every failure has a queue that the policy knows,
 * and every rung of every ladder has as many people today as have to say yes.
 */
export function escalates(policy: Policy, people: readonly Person[], now: number): ReadyAnswer {
  const queueless = Object.entries(FAILURES).filter(([, { queue }]) => !policy.escalationQueues.includes(queue));
  const ladders = [...laddersIn(policy)];
  const empty = ladders.flatMap(([name, ladder]) =>
    ladder.flatMap(({ role, needed = 1 }) => {
      // A customer answers about their own wish, and is in no directory.
      const many = role === 'customer' ? needed : allWhoMay(people, { roles: [role] }, now).length;
      return many >= needed ? [] : [`${name} needs ${needed} of role ${role}, and ${many} may answer now.`];
    }),
  );
  const strangers = [...new Set(namedIn(policy))].filter((name) => !findPerson(people, name));
  const problems = [
    ...queueless.map(([failure, { queue }]) => `${failure} goes to ${queue}, which the policy does not know.`),
    ...empty,
    ...strangers.map((name) => `The policy asks ${name}, who is not in the directory.`),
  ];
  return {
    question: 'Do cases escalate to people predictably?',
    yes: problems.length === 0,
    evidence:
      problems.length > 0
        ? problems
        : [
            `Each of ${Object.keys(FAILURES).length} failures has its queue, of ${policy.escalationQueues.length} that the policy knows.`,
            `Each of ${ladders.length} ladders ends, and has somebody on every rung today.`,
          ],
    mend: 'Put the directory or the policy right, and publish: docs/approvals.md.',
  };
}

/** Every ladder of a policy, under the path that leads to it. */
function* laddersIn(value: unknown, path: readonly string[] = []): Generator<readonly [string, Ladder]> {
  const ladder = Ladder.safeParse(value);
  if (ladder.success) {
    yield [path.join('.'), ladder.data];
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* laddersIn(inner, [...path, key]);
}

/** Those whom the matrix of documents asks by name. */
const namedIn = ({ documents }: Policy): string[] =>
  documents
    ? [...documents.standIns, ...documents.matrix.flatMap(({ stages }) => stages.flatMap(({ approvers }) => approvers))]
    : [];
