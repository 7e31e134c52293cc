import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { Client, Connection, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { z } from 'zod';
import { createActivities } from '../../activities/index.ts';
import { createToolClient } from '../../activities/tool-client.ts';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import type { CaseStatus, OpenRequest } from '../../contracts/messages.ts';
import { requestBytes } from '../../models/cost.ts';
import type { Models } from '../../models/model.ts';
import { openPromptStore, type PromptStore } from '../../prompts/store.ts';
import { createGovernorWorker } from '../../workers/governor-worker.ts';
import { requestOf } from './cases.ts';
import { type Ended, type Side, TOOL_PATIENCE_MS } from './side.ts';
import { nothingSpent, type Spent, spend } from './spent.ts';

export interface GovernorParts {
  /** Host and port of a Temporal server. */
  readonly address: string;
  readonly bundlePath: string;
  readonly promptsDir: string;
  readonly toolsUrl: string;
  readonly models: Models;
}

const QUEUE = 'governor-compare';
/** An attempt's time of which a tool may have `TOOL_PATIENCE_MS`, and how long a step tries again before it asks people. */
const ATTEMPT_MS = Math.ceil(TOOL_PATIENCE_MS / 0.3);
const STEP_MS = 9_000;
const LOOK_MS = 50;

/** The order desk as it is: its workflow, agents, prompts and policy of the current release, on a worker of its own. */
export async function governorSide(parts: GovernorParts): Promise<Side & { close(): Promise<void> }> {
  const spending = new Map<string, Spent>();
  const tools = createToolClient({ url: parts.toolsUrl });
  const connection = await NativeConnection.connect({ address: parts.address });
  const worker = await createGovernorWorker({
    connection,
    namespace: 'default',
    taskQueue: QUEUE,
    bundlePath: parts.bundlePath,
    activities: createActivities({
      models: counted(parts.models, spending),
      tools,
      prompts: impatient(openPromptStore(parts.promptsDir)),
      beatMs: 500,
      log: pino({ level: 'silent' }),
      heartbeatTimeoutMs: 5_000,
      simulated: true,
      searchAttributes: false,
      announce: async () => undefined,
    }),
    stickyTimeoutMs: 1_000,
    shutdownGraceMs: 500,
    recordDecision: () => undefined,
  });
  const running = worker.run();
  const client = new Client({ connection: await Connection.connect({ address: parts.address }) });
  return {
    serve: async (scenario) => {
      const began = performance.now();
      const request = requestOf('governor', scenario);
      const start = { taskQueue: QUEUE, workflowId: request.requestId, args: [request] };
      const handle = await client.workflow.start('placeOrder', start);
      const asked = await answerAll(handle, request.customerId);
      const spent = spending.get(request.requestId) ?? nothingSpent();
      return { ...(await endOf(handle)), peopleAsked: asked, spent, ms: Math.round(performance.now() - began) };
    },
    close: async () => {
      worker.shutdown();
      await running;
      await client.connection.close();
      await connection.close();
      await tools.close();
    },
  };
}

/** The current release, but for its times and its queue: a comparison has not the patience of a desk. */
function impatient(store: PromptStore): PromptStore {
  return {
    ...store,
    current: async () => {
      const release = await store.current();
      const rows = Object.entries(release.agents).map(([name, row]) => {
        const times = { timeoutMs: ATTEMPT_MS, patienceMs: STEP_MS };
        return [name, { ...row, ...times, taskQueue: QUEUE }] as const;
      });
      return { ...release, agents: Object.fromEntries(rows) };
    },
  };
}

/** The same models, with what each case's calls have sent and cost. */
function counted(models: Models, spending: Map<string, Spent>): Models {
  return {
    plan: (request) => models.plan(request),
    takeOut: (model, why) => models.takeOut(model, why),
    call: async (candidate, request) => {
      const reply = await models.call(candidate, request);
      const caseId = activityInfo().workflowExecution?.workflowId ?? '';
      const spent = spending.get(caseId) ?? nothingSpent();
      spending.set(caseId, spent);
      if (reply.kind !== 'failed') spend(spent, candidate.prices, reply.usage, requestBytes(request));
      return reply;
    },
  };
}

/** The customer says yes to any offer and no to a shortage; whoever is asked about a failure gives up at once. */
async function answerAll(handle: WorkflowHandle, customerId: string): Promise<number> {
  const asked = new Set<string>();
  let yes = 0;
  for (;;) {
    const { status: run } = await handle.describe();
    if (run.name !== 'RUNNING') return asked.size - yes;
    // There is no answer before the release is loaded, and none once the run is over.
    const status = await handle.query<CaseStatus>('status').catch(() => undefined);
    const open = status?.waiting.find(({ approval }) => !asked.has(approval));
    if (!open) {
      await sleep(LOOK_MS);
      continue;
    }
    asked.add(open.approval);
    if (open.kind === 'confirmation') yes += 1;
    await handle.executeUpdate('answer', { args: [answerTo(open, customerId)] });
  }
}

function answerTo({ approval, digest, kind }: OpenRequest, customerId: string): object {
  if (kind === 'confirmation') return { approval, digest, verdict: 'approve', by: customerId };
  if (kind === 'shortage') return { approval, digest, verdict: 'reject', by: customerId, reason: 'too few' };
  const verdict = kind === 'exception' ? 'abort' : kind === 'budget' ? 'stop' : 'reject';
  return { approval, digest, verdict, by: OPERATIONS, reason: 'as the comparison says' };
}

/** Of the packaged directory. */
const OPERATIONS = 'tomas.okonjo';

const Result = z.looseObject({ outcome: z.string(), why: z.string().optional() });
const Blamed = z.looseObject({ tool: z.string().optional(), agent: z.string().optional() });

/** A failure names the tool, or the agent that has only this one. */
function blamedIn(details: unknown): string | undefined {
  const { tool, agent } = Blamed.safeParse(details).data ?? {};
  return tool ?? Object.values<Agent>(agents).find(({ name }) => name === agent)?.tool.name;
}

async function endOf(handle: WorkflowHandle): Promise<Pick<Ended, 'says' | 'words' | 'blames'>> {
  try {
    const { outcome, why } = Result.parse(await handle.result());
    const says = outcome === 'created' || outcome === 'back-ordered' ? 'order' : 'no order';
    return { says, words: why ?? outcome };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw error;
    const { type, message, details } = error.cause;
    const blames = blamedIn(details?.[0]);
    return { says: 'no order', words: `${type}: ${message}`, ...(blames ? { blames } : {}) };
  }
}
