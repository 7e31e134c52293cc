import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { publishRelease } from '../../prompts/publish.ts';
import { rollbackPrompt } from '../../prompts/rollback.ts';
import { serveHealth } from '../../workers/health.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { failureOf } from '../support/releases.ts';

const withQueues = async (queues: unknown) => {
  const folder = await promptsFolder();
  await folder.write('queues.json', JSON.stringify(queues));
  return { ...folder, publish: () => publishRelease(folder.files(), agents, { note: 'split' }) };
};

describe('task queues of families of agents', () => {
  it('are the next release’s, and nothing else of it changes (CD-79)', async () => {
    const { publish, second } = await withQueues({ 'governor-identity': ['verifyIdentity', 'lookUpCustomer'] });
    const release = await publish();
    const queues = Object.entries(release.agents).map(([agent, { taskQueue }]) => [agent, taskQueue]);
    const moved = { verifyIdentity: 'governor-identity', lookUpCustomer: 'governor-identity' };
    const house = Object.fromEntries(Object.keys(agents).map((agent) => [agent, 'governor']));
    expect(Object.fromEntries(queues)).toEqual({ ...house, ...moved });
    const { verifyIdentity, ...rest } = release.agents;
    expect({ ...verifyIdentity, taskQueue: 'governor' }).toEqual(second.agents['verifyIdentity']);
    expect(rest['createAccount']).toEqual(second.agents['createAccount']);
  });

  it('stay when a prompt is rolled back', async () => {
    const folder = await withQueues({ 'governor-identity': ['verifyIdentity'] });
    const { id } = await folder.publish();
    await folder.write('current', `${id}\n`);
    const back = await rollbackPrompt(folder.files(), agents, 'verifyIdentity');
    expect(back.agents['verifyIdentity']).toMatchObject({
      taskQueue: 'governor-identity',
      prompts: [{ version: 'v1' }],
    });
  });

  it.each([
    ['an agent that is none', { 'governor-identity': ['verifyIdentities'] }, /verifyIdentities, which is no agent/],
    [
      'two queues of one agent',
      { a: ['verifyIdentity'], b: ['verifyIdentity'] },
      /gives verifyIdentity two task queues/,
    ],
    ['no name of a queue', { 'no such queue': ['verifyIdentity'] }, /queues\.json cannot be used/],
  ])('are not released with %s', async (_, queues, words) => {
    const { publish } = await withQueues(queues);
    const failure = await failureOf(publish());
    expect(failure).toMatchObject({ type: 'ReleaseBroken', message: expect.stringMatching(words) });
  });
});

describe('what a worker tells of its health', () => {
  it('is 200 while it takes work, and 503 while it does not', async () => {
    let well = true;
    const { port, close } = await serveHealth(0, () => well);
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    try {
      expect(await ask('/health')).toBe(200);
      well = false;
      expect(await ask('/health')).toBe(503);
      expect(await ask('/metrics')).toBe(404);
    } finally {
      await close();
    }
  });
});
