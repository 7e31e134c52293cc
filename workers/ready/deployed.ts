import type { Finding } from '../../client/cli/doctor-command.ts';
import type { ReadyAnswer } from '../../client/cli/ready-command.ts';

/** What cannot be looked at is no yes either. */
export function isDeployed(findings: readonly Finding[]): ReadyAnswer {
  const open = findings.filter(({ state }) => state === 'wrong' || state === 'skipped');
  return {
    question: 'Is everything in place, with nothing left for a person to do?',
    yes: open.length === 0,
    evidence:
      open.length === 0
        ? [`${findings.length} things were looked at, and none is wrong.`]
        : open.map(({ subject, says }) => `${subject}: ${says}`),
    mend: 'governor doctor says what mends each.',
  };
}
