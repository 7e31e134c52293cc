import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import type { Offered } from '../../tools/offer.ts';
import { ToolSettings } from '../../tools/settings.ts';

const account = (requestId: string) => ({
  requestId,
  customerId: 'cus-1',
  identityCheckId: 'chk-1',
  displayName: 'Ada Byron',
  plan: 'business',
  segment: 'private',
});

/** Which account may be taken back, by whom. */
describe('closing the account of a request', () => {
  let stateDir: string;
  let database: Database;
  let tools: Record<'accounts.create' | 'accounts.close', Offered>;
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'governor-undo-'));
    const url = 'http://127.0.0.1:9';
    const settings = ToolSettings.parse({
      stateDir,
      identityRegistryUrl: url,
      smtpUrl: 'smtp://127.0.0.1:9',
      mailFrom: 'welcome@governor.example',
      webhookUrl: url,
      webhookSecret: 'whsec_dGVzdA==',
    });
    database = await openDatabase(settings);
    tools = createTools(database, settings);
  });
  afterAll(async () => {
    await database.destroy();
    await rm(stateDir, { recursive: true, force: true });
  });

  const signal = new AbortController().signal;
  const create = (requestId: string, run: string) =>
    tools['accounts.create'].run(account(requestId), { key: `${requestId}:create`, run, signal });
  const close = (requestId: string, run: string) =>
    tools['accounts.close'].run(
      { requestId, reason: 'not finished' },
      { key: `${requestId}:close:${run}`, run, signal },
    );

  it('closes what the same run opened, and then the request opens no other', async () => {
    await create('req-a', 'run-1');
    expect((await close('req-a', 'run-1')).answer).toMatchObject({ state: 'closed' });
    await expect(create('req-a', 'run-1')).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
    await expect(create('req-a', 'run-2')).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
  });

  it('keeps what another run opened, and goes on telling of it', async () => {
    await create('req-b', 'run-1');
    expect((await close('req-b', 'run-2')).answer).toMatchObject({ state: 'kept' });
    expect(await create('req-b', 'run-3')).toMatchObject({ replayed: true, ofAnotherRun: true });
  });

  it('lets a request open nothing later where nobody knows whether it had', async () => {
    expect((await close('req-c', 'run-1')).answer).toMatchObject({ state: 'never-opened', accountId: null });
    await expect(create('req-c', 'run-1')).rejects.toMatchObject({ failure: { type: 'ToolRejected' } });
  });
});
