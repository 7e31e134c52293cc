import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TASK_QUEUE } from '../contracts/messages.ts';

/** The two that are compared. */
export const SIDES = ['ours', 'bare'] as const;
export type Side = (typeof SIDES)[number];

export const BARE_QUEUE = 'bare';

/** Two processes of different length: what a step costs is what lies between them. */
export type Length = 'onboarding' | 'report';
export const STEPS: Readonly<Record<Length, number>> = { onboarding: 8, report: 2 };

const WORKFLOWS: Readonly<Record<Side, Readonly<Record<Length, string>>>> = {
  ours: { onboarding: 'onboardCustomer', report: 'reportTerminated' },
  bare: { onboarding: 'bareOnboard', report: 'bareReport' },
};
const OUTCOMES: Readonly<Record<Length, string>> = { onboarding: 'onboarded', report: 'reported' };

/** A case to be started, and the outcome without which it does not count. */
export interface Order {
  readonly workflowType: string;
  readonly taskQueue: string;
  readonly workflowId: string;
  readonly args: [unknown];
  readonly outcome: string;
}

const Example = z.looseObject({ requestId: z.string() });

/** Makes the orders of one run: the same input for both sides, and a reference of its own for each case. */
export async function openOrderBook(): Promise<(side: Side, length: Length) => Order> {
  const file = join(import.meta.dirname, '..', 'examples', 'onboarding', 'clean.json');
  const example = Example.parse(JSON.parse(await readFile(file, 'utf8')));
  return (side, length) => {
    // As long as references usually are.
    const id = randomUUID().slice(0, 18);
    const input = length === 'onboarding' ? { ...example, requestId: id } : { caseId: `case-${id}`, runId: id };
    return {
      workflowType: WORKFLOWS[side][length],
      taskQueue: side === 'ours' ? TASK_QUEUE : BARE_QUEUE,
      workflowId: `${length}-${id}`,
      args: [input],
      outcome: OUTCOMES[length],
    };
  };
}
