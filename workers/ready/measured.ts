import type { ReadyAnswer } from '../../client/cli/ready-command.ts';
import { POINTS } from '../../contracts/decision-points.ts';

/** A process that does not answer at once is not measured now. */
const PATIENCE_MS = 2000;

/** Reads what the processes tell, and holds it against the list of decision points. */
export async function isMeasured(urls: readonly string[]): Promise<ReadyAnswer> {
  const missing = await Promise.all(urls.map(missingAt));
  const silent = urls.filter((_, at) => missing[at] === undefined);
  const gaps = urls.flatMap((url, at) => (missing[at] ?? []).map((point) => `${point} is not told at ${url}.`));
  const yes = urls.length > 0 && silent.length === 0 && gaps.length === 0;
  const count = Object.keys(POINTS).length;
  return {
    question: 'Does every decision point have a metric?',
    yes,
    evidence: [
      ...(urls.length === 0 ? ['Nothing tells metrics: METRICS_PORT is not set, and no address was given.'] : []),
      ...(yes ? [`Each of ${count} decision points has its metric at ${urls.length} addresses.`] : []),
      ...silent.map((url) => `Nothing answers at ${url}.`),
      ...gaps,
    ],
    mend: 'Set METRICS_PORT for every process, or name each address with --metrics.',
  };
}

/** Points that a process does not know; nothing where it does not answer. */
async function missingAt(url: string): Promise<string[] | undefined> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  const text = await answer.text();
  const told = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = '']) => name));
  // The format leaves the ending of a counter out of its type.
  return Object.keys(POINTS).filter((point) => !told.has(point) && !told.has(point.replace(/_total$/, '')));
}
