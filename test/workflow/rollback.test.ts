import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import { rollbackPrompt } from '../../prompts/rollback.ts';
import { openPromptStore } from '../../prompts/store.ts';
import { FakeTools } from '../support/fake-tools.ts';
import { promptsFolder } from '../support/prompts-folder.ts';
import { startSpine, status } from '../support/spine.ts';

const request = (n: number) => ({
  requestId: `R-${n}`,
  requestedBy: 'dario',
  message:
    'Hello, I am Ana Novak (ana@north.example). The business plan for our team of 12. A Tuesday afternoon suits me.',
  document: 'PASSPORT No. X1234567\nName: Ana Novak\nDate of birth: 4 May 1990',
});

it('takes one agent’s prompt back for the next case, while a case that runs keeps the one it began with (PM-59, PM-60, RD-100)', async () => {
  const folder = await promptsFolder();
  // The first case is held between its lookup and its identity check while the prompt is rolled back.
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const tools = new FakeTools().answer('crm.lookup_customer', async ({ requestId }) => {
    if (requestId === 'R-0') await held;
    const customer = {
      customerId: 'C-1',
      name: 'Ana Novak',
      company: null,
      email: 'ana@north.example',
      status: 'lead',
    };
    return { requestId, found: 'one', customer, candidates: ['C-1'] };
  });
  const spine = await startSpine({ tools, prompts: openPromptStore(folder.dir) });
  try {
    const running = await spine.start('onboardCustomer', request(0));
    while (tools.calls.length === 0) await sleep(20);
    const load = Array.from({ length: 6 }, (_, n) => spine.start('onboardCustomer', request(n + 100)));
    await Promise.all(load);

    await rollbackPrompt(folder.files(), agents, 'verifyIdentity');
    const next = await spine.start('onboardCustomer', request(1));
    await next.result();
    letGo();
    await running.result();
    await Promise.all((await Promise.all(load)).map((handle) => handle.result()));

    const promptOf = (caseId: string, agent: string) =>
      spine.decisions.find((line) => line.caseId === caseId && line.agent === agent)?.prompt?.split(' ')[0];
    expect(promptOf(running.workflowId, 'verifyIdentity')).toBe('v2');
    expect(promptOf(next.workflowId, 'verifyIdentity')).toBe('v1');
    expect((await status(running)).release).toBe(folder.second.id);
    expect((await status(next)).release).not.toBe(folder.second.id);
    for (const agent of ['lookUpCustomer', 'createAccount', 'writeWelcomeKit']) {
      const [before, after] = [promptOf(running.workflowId, agent), promptOf(next.workflowId, agent)];
      expect(before).toBeDefined();
      expect(after).toBe(before);
    }
  } finally {
    letGo();
    await spine.stop();
  }
});
