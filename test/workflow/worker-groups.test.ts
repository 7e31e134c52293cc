import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Agent } from '../../agents/define-agent.ts';
import { agents } from '../../agents/index.ts';
import { publishRelease, useRelease } from '../../prompts/publish.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { onboarding, until } from '../support/cases.ts';
import { FakeTools } from '../support/fake-tools.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { ScriptedModels } from '../support/scripted-models.ts';
import { openRequest, startSpine, status } from '../support/spine.ts';
import { startGroup } from '../support/worker-group.ts';

/** A build of the identity agent that refuses whatever is proposed. */
const broken: Agent = { ...(agents.verifyIdentity as Agent), forbids: () => 'This build allows nothing.' };

async function twoGroups() {
  const folder = await promptsFolder();
  const queue = `identity-${randomUUID()}`;
  await folder.write('queues.json', JSON.stringify({ [queue]: ['verifyIdentity'] }));
  const store = openPromptStore(folder.dir);
  const tools = new FakeTools();
  const spine = await startSpine({ tools, prompts: store });
  const publish = async () => {
    const { id } = await publishRelease(folder.files(), agents, { note: 'identity goes its own way' });
    await useRelease(folder.files(), agents, id);
    return id;
  };
  const ship = async (build: Agent, models: ScriptedModels) =>
    startGroup(queue, { agents: [build], models, tools, prompts: store });
  return { spine, publish, ship, tools };
}

it('ships one family of agents, and takes it back, while the workers of all others go on (CD-79)', async () => {
  const { spine, publish, ship, tools } = await twoGroups();
  const [first, second, third] = [new ScriptedModels(), new ScriptedModels(), new ScriptedModels()];
  const stops: (() => Promise<void>)[] = [];
  try {
    // A case of the release before is served by the house, whatever is published meanwhile.
    const before = await spine.start('onboardCustomer', onboarding());
    await before.result();
    expect(spine.models.calls.map(({ agent }) => agent)).toContain('verifyIdentity');
    const release = await publish();
    spine.models.reset();

    const stopFirst = await ship(agents.verifyIdentity as Agent, first);
    stops.push(stopFirst);
    const good = await spine.start('onboardCustomer', onboarding());
    expect(await good.result()).toMatchObject({ outcome: 'onboarded' });
    expect((await status(good)).release).toBe(release);
    expect(first.calls.map(({ agent }) => agent)).toEqual(['verifyIdentity']);
    expect(spine.models.calls).toHaveLength(7);

    await stopFirst();
    stops.push(await ship(broken, second));
    const refused = await spine.start('onboardCustomer', onboarding());
    expect((await openRequest(refused)).approval).toMatch(/^verifyIdentity-/);
    expect(second.calls.map(({ agent }) => agent)).toEqual(['verifyIdentity']);

    // Between two builds nobody serves the queue: what is begun meanwhile waits for the next.
    await stops.pop()?.();
    const waiting = await spine.start('onboardCustomer', onboarding());
    await until(() => tools.calls.filter(({ tool }) => tool === 'crm.lookup_customer').length === 4);
    await sleep(300);
    expect(third.calls).toEqual([]);
    stops.push(await ship(agents.verifyIdentity as Agent, third));
    expect(await waiting.result()).toMatchObject({ outcome: 'onboarded' });
    expect(third.calls.map(({ agent }) => agent)).toEqual(['verifyIdentity']);

    const accounts = tools.effects.filter(({ tool }) => tool === 'accounts.create');
    expect(accounts).toHaveLength(3);
    await refused.cancel();
    await refused.result().catch(() => undefined);
  } finally {
    await Promise.all(stops.map((stop) => stop().catch(() => undefined)));
    await spine.stop();
  }
});
