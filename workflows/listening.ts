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
    else requests.take(raw, 'signal');
  });
  setHandler(defineUpdate<AnswerReply, [unknown]>(ANSWER), (raw) => requests.take(raw, 'update'), {
    validator: (raw) => {
      const why = requests.objection(raw);
      if (why) throw ApplicationFailure.nonRetryable(why, 'InvalidAnswer');
    },
  });
}

/** Takes a better input into a case that runs; every open question is then moot, and is asked again where it must be. */
export function listenForAmendments<S extends z.ZodType>(schema: S, requests: Requests, apply: (amendment: z.output<S>) => void): void {
  const take = (raw: unknown): void => {
    apply(schema.parse(raw));
    requests.withdraw();
  };
  setHandler(defineSignal<[unknown]>(AMEND), (raw) => {
    if (schema.safeParse(raw).success) take(raw);
    else log.warn('an amendment was ignored');
  });
  setHandler(defineUpdate<void, [unknown]>(AMEND), take, {
    validator: (raw) => {
      const { error } = schema.safeParse(raw);
      if (error) throw ApplicationFailure.nonRetryable(describeIssues(error), 'InvalidInput');
    },
  });
}

export const describeIssues = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ');
