import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { destination, pino } from 'pino';
import type { Teller } from '../telemetry/case-spans.ts';
import { scrub } from '../telemetry/scrub.ts';
import type { DecisionLine } from '../workflows/record.ts';
import { traceOf } from './hear.ts';

/**
 * The decision log: one JSON line for each decision, appended to a file, or to standard output for `-`. Replay writes
 * nothing; a workflow task that is done twice may write a line twice, and (caseId, step) tells so.
 */
export function openDecisionLog(file: string): (line: DecisionLine, teller: Teller) => void {
  if (file !== '-') mkdirSync(dirname(file), { recursive: true });
  const log = pino(
    { base: null, messageKey: 'kind' },
    destination({ dest: file === '-' ? 1 : file, sync: false, append: true }),
  );
  return (line, teller) =>
    log.info({ traceId: traceOf(teller), runId: teller.runId, ...line, ...inOurWords(line) }, 'decision');
}

/** Sentences of a model or a person may quote what nobody should find in a log. */
const inOurWords = ({ why, reasoning, answers }: DecisionLine): Partial<DecisionLine> => ({
  ...(why === undefined ? {} : { why: scrub(why) }),
  ...(reasoning === undefined ? {} : { reasoning: scrub(reasoning) }),
  answers: answers.map((answer) => (answer.reason ? { ...answer, reason: scrub(answer.reason) } : answer)),
});
