import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createToolClient } from '../../activities/tool-client.ts';
import type { Said } from '../../client/answering.ts';
import { createGovernor } from '../../client/index.ts';
import { listAudit } from '../../contracts/tools/audit.ts';
import { makeAnswerKeys } from '../../keys/answer-files.ts';
import { outsideFiles } from '../../outside/files.ts';
import { verifyChain } from '../../tools/audit/chain.ts';
import { openDatabase } from '../../tools/database.ts';
import { answeringWith } from '../../workers/answering.ts';
import { openDecisionBook } from '../../workers/decision-book.ts';
import { type Rig, startRig } from '../support/crash/rig.ts';
import { rigServer } from '../support/crash/rig-server.ts';
import { exampleInput, expectedOf } from '../support/examples.ts';
import { openRequest } from '../support/spine.ts';

const DESK = 'https://desk.governor.example';

/** With a real worker, real tools and signed answers. */
describe('an expense report that a manager decides', () => {
  const folder = mkdtempSync(join(tmpdir(), 'governor-told-'));
  const keys = { public: join(folder, 'answer-keys.json'), signing: join(folder, 'answer-signing.json') };
  const workflowId = 'approveExpense-told';
  let rig: Rig;
  let approval = '';

  beforeAll(async () => {
    makeAnswerKeys(keys);
    const settings = { ANSWER_KEYS_FILE: keys.public, DESK_URL: DESK };
    rig = await startRig({ ...rigServer(), bundlePath: inject('bundlePath'), settings });
    await rig.startWorker();
    const answers = { publicFile: keys.public, signingFile: keys.signing };
    const answer = answeringWith({ stateDir: folder, answers, promptsDir: 'prompts' });
    const args = [exampleInput('manager', 'expenses')];
    const handle = await rig.client.workflow.start('approveExpense', { taskQueue: 'governor', workflowId, args });
    const request = await openRequest(handle);
    approval = request.approval;
    const [{ by, ...said } = { by: '' }] = expectedOf('manager', 'expenses').answers ?? [];
    const run = { workflowId, runId: handle.firstExecutionRunId };
    await answer(createGovernor(rig.client), run, request, String(by), said as Said);
    await handle.result();
  });
  afterAll(async () => {
    await rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has told the managers by e-mail, with a link that leads to the request, and their channel', async () => {
    const files = outsideFiles(rig.stateDir);
    const mails = await Promise.all(
      readdirSync(files.messages).map((file) => simpleParser(readFileSync(join(files.messages, file)))),
    );
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect([mail?.to].flat().flatMap((to) => to?.value.map(({ address }) => address))).toEqual([
      'tomas.okonjo@governor.example',
      'darius.wren@governor.example',
    ]);
    expect(mail?.text?.split('\n')).toContain(`${DESK}/desk/#/approvals/${workflowId}/${approval}`);
    expect(mail?.text).not.toMatch(/lena|Lakeside|tomas|darius/);
    const told = readFileSync(files.webhooks, 'utf8');
    expect(JSON.parse(told.split('\n')[0] ?? '')).toMatchObject({ subjectId: workflowId, channel: 'manager' });
  });

  it('is in the audit with who said yes, signed, and reading it leaves nothing behind (OB-91)', async () => {
    const tools = createToolClient({ url: rig.tools.url });
    const book = openDecisionBook(tools);
    const { decisions } = await book.list({ tenant: 'default', caseId: workflowId, limit: 50 });
    expect((await book.list({ tenant: 'north', caseId: workflowId, limit: 50 })).decisions).toEqual([]);
    await tools.close();
    expect(decisions.map(({ step }) => step)).toEqual(expect.arrayContaining(['reimburseExpense', 'line-course']));
    expect(decisions.find(({ kind }) => kind === 'finding')).toMatchObject({
      agent: 'people',
      outcome: 'done',
      subject: 'exp-manager line course',
      answers: [{ by: 'darius.wren', role: 'manager', verdict: 'go-on', identity: 'signed', approval }],
    });
    expect(JSON.stringify(decisions)).not.toMatch(/@|Lakeside|eyJ/);
    const database = await openDatabase({ stateDir: rig.stateDir });
    expect(await verifyChain(database)).toEqual({ whole: true, entries: 1 });
    const remembered = await database.selectFrom('ledger').select('tool').where('tool', '=', listAudit.name).execute();
    await database.destroy();
    expect(remembered).toEqual([]);
  });
});
