import type { ReadyAnswer } from '../../client/cli/ready-command.ts';
import { showUsd } from '../../contracts/money.ts';
import type { Policy } from '../../contracts/policy.ts';
import { PROCESSES } from '../../contracts/processes.ts';
import type { Release } from '../../contracts/release.ts';

/** Whether no case can spend more than is written down, each can pay a clean run, and what is spent is told. */
export function isBounded({ agents }: Release, policy: Policy, isMeasured: boolean): ReadyAnswer {
  const worstOf = (agent: string): number => agents[agent]?.worstCaseMicroUsd ?? 0;
  const rows = Object.entries(PROCESSES).map(([process, { cleanRun, endings }]) => {
    const cap = policy.processes[process]?.capMicroUsd;
    // One call of each step, at what it can cost at worst.
    const clean = [...new Set([...cleanRun, ...endings])].reduce((sum, agent) => sum + worstOf(agent), 0);
    return { process, cap, clean };
  });
  const unbounded = rows.flatMap(({ process, cap, clean }) => {
    if (cap === undefined) return [`The policy bounds no case of ${process}.`];
    return clean <= cap ? [] : [`${process} may spend ${showUsd(cap)}, and a clean run can cost ${showUsd(clean)}.`];
  });
  const problems = [
    ...unbounded,
    ...(isMeasured ? [] : ['Nobody sees what cases spend: the metrics are not all told.']),
  ];
  return {
    question: 'Is the cost of each transaction bounded and monitored?',
    yes: problems.length === 0,
    evidence:
      problems.length > 0
        ? problems
        : rows.map(
            ({ process, cap = 0, clean }) =>
              `${process}: at most ${showUsd(cap)} a case, reserved before each call; a clean run at its worst ${showUsd(clean)}.`,
          ),
    mend:
      unbounded.length > 0
        ? 'Publish a policy with a cap for the process, or bounds that fit it: governor release publish.'
        : 'As for the metrics.',
  };
}
