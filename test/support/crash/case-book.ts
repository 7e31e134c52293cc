import type { WorkflowHandle } from '@temporalio/client';
import { OnboardingRequest } from '../../../contracts/onboarding.ts';
import { exampleInput } from '../examples.ts';
import type { Rig } from './rig.ts';

export interface BookedCase {
  /** Reference of the request, and id of the workflow. */
  readonly id: string;
  readonly runId: string;
  readonly handle: WorkflowHandle;
}

/**
 * The cases of a test, told apart on every far side. Each has words of its own: a reference in the message, a place in
 * the document, and a head count, so that each welcome kit is another document.
 */
export class CaseBook {
  readonly cases: BookedCase[] = [];
  readonly #rig: Rig;
  readonly #byMark = new Map<string, string>();
  #number = 0;

  constructor(rig: Rig) {
    this.#rig = rig;
    rig.tools.onAnswer = ({ tool, body }, answer) => {
      const account = /acc-[0-9a-f]{12}/.exec(answer)?.[0];
      const id = this.caseOf(body);
      if (tool === 'accounts.create' && account && id) this.#byMark.set(account, id);
    };
  }

  /** Names the next case, so that a test can lie in wait for it before it begins. */
  next(example = 'clean'): OnboardingRequest {
    this.#number += 1;
    const id = `CR-${String(this.#number).padStart(4, '0')}`;
    const { message, document, ...rest } = OnboardingRequest.parse(exampleInput(example));
    this.#byMark.set(id, id).set(`Port ${this.#number};`, id);
    return {
      ...rest,
      requestId: id,
      message: `${message.replace(/\d+ seats/, `${5 + this.#number} seats`)}\n\nOur reference: ${id}`,
      document: `${document}\nPlace of issue: Port ${this.#number};`,
    };
  }

  async start(input: OnboardingRequest): Promise<BookedCase> {
    const id = input.requestId;
    const handle = await this.#rig.client.workflow.start('onboardCustomer', {
      taskQueue: 'governor',
      workflowId: id,
      args: [input],
    });
    const runId = handle.firstExecutionRunId;
    this.#byMark.set(runId, id);
    const booked = { id, runId, handle };
    this.cases.push(booked);
    return booked;
  }

  /** Whose words these are; nobody's where they name no case, such as what the model hears of an audit. */
  caseOf(words: string): string | undefined {
    for (const [mark] of words.matchAll(MARK)) {
      const id = this.#byMark.get(mark);
      if (id) return id;
    }
    return undefined;
  }
}

const MARK = /CR-\d{4}|Port \d+;|acc-[0-9a-f]{12}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
