import { ApplicationFailure, defineSignal, defineUpdate, log, setHandler } from '@temporalio/workflow';
import type { z } from 'zod';
import { AMEND, ANSWER, type AnswerReply } from '../contracts/messages.ts';
import type { Requests } from './approval.ts';

/**
 * What a running case can be told. Everything is parsed at the door: a bad Update is refused and leaves no trace in
 * history, a bad Signal is logged and ignored, and neither can wedge or end a run.
 */

/** Takes answers to the case's requests, by Signal and by Update. */
export function listenForAnswers(requests: Requests): void {
  setHandler(defineSignal<[unknown]>(ANSWER), (raw) => {
    const why = requests.objection(raw);
    if (why) log.warn('an answer was ignored', { why });
    // Nobody waits for what came of a Signal: a case that is cancelled while it checks one ends all the same.
    else Promise.resolve(requests.take(raw, 'signal')).catch(() => log.warn('an answer could not be checked'));
  });
  setHandler(defineUpdate<AnswerReply, [unknown]>(ANSWER), (raw) => requests.take(raw, 'update'), {
    validator: (raw) => {
      const why = requests.objection(raw);
      if (why) throw ApplicationFailure.nonRetryable(why, 'InvalidAnswer');
    },
  });
}

/** Takes a better input into a case that runs; every open question is then moot, and is asked again where it must be. */
export function listenForAmendments<S extends z.ZodType>(
  schema: S,
  requests: Requests,
  apply: (amendment: z.output<S>) => void,
  objection?: (amendment: z.output<S>) => string | undefined,
): void {
  const take = (amendment: z.output<S>): void => {
    apply(amendment);
    requests.withdraw();
  };
  listenFor(AMEND, schema, take, objection);
}

/**
 * Takes one kind of message, by Signal and by Update.
 * @param objection why a message of the right shape is not taken now, in words for its sender
 */
export function listenFor<S extends z.ZodType>(
  name: string,
  schema: S,
  take: (message: z.output<S>) => void,
  objection: (message: z.output<S>) => string | undefined = () => undefined,
): void {
  const whyNot = (raw: unknown): string | undefined => {
    const parsed = schema.safeParse(raw);
    return parsed.success ? objection(parsed.data) : describeIssues(parsed.error);
  };
  setHandler(defineSignal<[unknown]>(name), (raw) => {
    if (whyNot(raw) === undefined) take(schema.parse(raw));
    else log.warn('a message was ignored', { name });
  });
  setHandler(defineUpdate<void, [unknown]>(name), (raw) => take(schema.parse(raw)), {
    validator: (raw) => {
      const why = whyNot(raw);
      if (why !== undefined) throw ApplicationFailure.nonRetryable(why, 'InvalidInput');
    },
  });
}

export const describeIssues = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
