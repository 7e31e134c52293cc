import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { CaseStatus } from '../../contracts/messages.ts';
import type { StartableProcess } from '../../contracts/process-inputs.ts';
import type { CaseEnd, CaseHistory, CaseRun, Governor, ProcessName } from '../index.ts';
import { ourCommand } from './shell.ts';
import { Refused } from './words.ts';

/** A case as the server knows it, whether or not a worker is there. */
export interface FoundCase extends CaseRun {
  readonly process: string;
  /** Still going on, in the words of the server: RUNNING, COMPLETED, FAILED, CANCELLED, TERMINATED, TIMED_OUT. */
  readonly state: string;
  readonly startedAt: Date;
  readonly closedAt?: Date;
  /** The page of the run in Temporal's Web UI, where that is known. */
  readonly page?: string;
}

/** What the commands about cases ask for; each throws with a sentence that people can read. */
export interface CaseDesk {
  start(process: StartableProcess, input: unknown, id: string): Promise<CaseRun>;
  /** The newest run of a case. */
  find(caseId: string): Promise<FoundCase>;
  /** Nothing where no worker answers. */
  status(run: CaseRun): Promise<CaseStatus | undefined>;
  history(run: CaseRun): Promise<CaseHistory>;
  /** Waits for the end. */
  result(run: CaseRun): Promise<CaseEnd>;
  page(run: CaseRun): string | undefined;
}

export interface CaseDeskParts {
  readonly client: Client;
  readonly governor: Governor;
  /** Temporal's Web UI. */
  readonly uiUrl?: string | undefined;
}

/** The desk on a server. */
export function openCaseDesk({ client, governor, uiUrl }: CaseDeskParts): CaseDesk {
  const page = ({ workflowId, runId }: CaseRun): string | undefined =>
    uiUrl &&
    `${uiUrl}/namespaces/${client.options.namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
  return {
    start: (process, input, id) =>
      governor.start<ProcessName>(process, input, id).catch((error: unknown) => alreadyThere(id, error)),
    find: async (caseId) => {
      const { workflowId, runId, type, status, startTime, closeTime } = await client.workflow
        .getHandle(caseId)
        .describe()
        .catch((error: unknown) => notThere(caseId, error));
      const found = { workflowId, runId, process: type, state: status.name, startedAt: startTime };
      const shown = page(found);
      return { ...found, ...(closeTime ? { closedAt: closeTime } : {}), ...(shown ? { page: shown } : {}) };
    },
    status: (run) => governor.status(run),
    history: (run) => governor.history(run),
    result: (run) => governor.result(run),
    page,
  };
}

function notThere(caseId: string, error: unknown): never {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
  throw new Refused(`There is no case ${caseId} here. All that wait for somebody: ${ourCommand('approvals', 'list')}`);
}

function alreadyThere(id: string, error: unknown): never {
  if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  throw new Refused(`The case ${id} is there already, and nothing was started. See: ${ourCommand('case', 'show', id)}`);
}
