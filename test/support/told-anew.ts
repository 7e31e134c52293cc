import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { type CaseStatus, STATUS } from '../../contracts/messages.ts';
import type { Counts } from '../../outside/counts.ts';
import { type Rig, type RigOptions, startRig } from './crash/rig.ts';
import { type Expected, exampleWorld, expectedOf, validExamples } from './examples.ts';
import { rewrite } from './rewrite-world.ts';

/** How an example came out, in the words of its `.expect.json`. */
export type Came = Omit<Expected, 'answers'>;

/** The agents that may run after the story has ended. */
const AFTER_THE_STORY = ['closeAccount', 'escalate', 'writeAudit'];
/** The last agent of a story that came to its end. */
const LAST = 'routeNotification';
const LOOK_MS = 100;

/**
 * Runs all examples at once as `seed` tells them anew, in a world that was changed alike, on real tools.
 * @returns how each came out, and how it should have, by the example's name
 */
export async function runToldAnew(
  seed: number,
  options: Omit<RigOptions, 'worldFile'>,
): Promise<{ came: Record<string, Came>; expected: Record<string, Came> }> {
  const { inputs, world, reword } = rewrite(seed, validExamples(), exampleWorld());
  const folder = await mkdtemp(join(tmpdir(), 'governor-world-'));
  const worldFile = join(folder, 'world.json');
  await writeFile(worldFile, JSON.stringify(world));
  const rig = await startRig({ ...options, worldFile });
  try {
    await rig.startWorker();
    const ended = await Promise.all(
      Object.entries(inputs).map(async ([name, input]) => {
        const { answers = [], ...expected } = expectedOf(name);
        const handle = await rig.client.workflow.start('onboardCustomer', {
          taskQueue: 'governor',
          workflowId: input.requestId,
          args: [input],
        });
        const ending = await seeToItsEnd(handle, answers.map(reword));
        return { name, requestId: input.requestId, expected, ending };
      }),
    );
    const counts = await rig.counts();
    const kits = await kitsOf(rig);
    const came = ended.map(
      ({ name, requestId, ending }) =>
        [name, { ...ending, effects: effectsOf(counts, requestId) + (kits.has(requestId) ? 1 : 0) }] as const,
    );
    return {
      came: Object.fromEntries(came),
      expected: Object.fromEntries(ended.map(({ name, expected }) => [name, expected])),
    };
  } finally {
    await rig.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers what is asked, one answer after the other, and tells how it ended. */
async function seeToItsEnd(
  handle: WorkflowHandle,
  answers: readonly Readonly<Record<string, unknown>>[],
): Promise<Omit<Came, 'effects'>> {
  const end = handle.result().then(
    () => undefined,
    (error: unknown) => error,
  );
  let waitsFor: string | undefined;
  let over = false;
  void end.then(() => {
    over = true;
  });
  const left = [...answers];
  while (!over) {
    const { waiting } = await handle.query<CaseStatus>(STATUS).catch(() => ({ waiting: [] as CaseStatus['waiting'] }));
    const [request] = waiting;
    if (request) {
      waitsFor = request.kind;
      const answer = left.shift();
      if (!answer) return { outcome: `asks more than was foreseen: ${request.asks}` };
      await handle.executeUpdate('answer', {
        args: [{ ...answer, approval: request.approval, digest: request.digest }],
      });
    }
    await Promise.race([end, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
  }
  return { ...(await describeEnd(handle, await end)), ...(waitsFor ? { waitsFor } : {}) };
}

async function describeEnd(
  handle: WorkflowHandle,
  error: unknown,
): Promise<Pick<Came, 'outcome' | 'failureType' | 'stoppedAt'>> {
  const { outcome = 'none', steps } = await handle.query<CaseStatus>(STATUS);
  const story = steps.map(({ agent }) => agent).filter((agent) => !AFTER_THE_STORY.includes(agent));
  const last = story.at(-1);
  const failureType =
    error instanceof WorkflowFailedError && error.cause && 'type' in error.cause ? String(error.cause.type) : undefined;
  return { outcome, ...(failureType ? { failureType } : {}), ...(last && last !== LAST ? { stoppedAt: last } : {}) };
}

/** What the story did outside, but for welcome kits. */
function effectsOf({ accounts, mails, meetings, notifications }: Counts, requestId: string): number {
  const keyed = [...mails, ...meetings, ...notifications].filter(({ key }) =>
    key.startsWith(`onboardCustomer:${requestId}:`),
  );
  return (
    keyed.length + accounts.filter((account) => account.requestId === requestId && account.state === 'open').length
  );
}

/** Whose welcome kit the tools were asked for and made; kits themselves are named by their content. */
async function kitsOf(rig: Rig): Promise<Set<string>> {
  const made = rig.tools.calls
    .filter(({ tool }) => tool === 'documents.generate')
    .map(({ body }) => /onboardCustomer:([^:"]+):/.exec(body)?.[1] ?? '');
  const { documents } = await rig.counts();
  if (documents.length !== new Set(made).size)
    throw new Error(`${documents.length} welcome kits for ${new Set(made).size} requests`);
  return new Set(made);
}
