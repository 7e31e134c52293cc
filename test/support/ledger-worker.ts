import { appendFileSync } from 'node:fs';
import { createAccount } from '../../contracts/tools/accounts.ts';
import { postNotification } from '../../contracts/tools/notifications.ts';
import { openAccount } from '../../tools/accounts/accounts.ts';
import { openDatabase } from '../../tools/database.ts';
import { createLedger } from '../../tools/ledger.ts';
import { offer } from '../../tools/offer.ts';

/**
 * A process that does every key of a list in an order of its own, until all are done; made to be killed. Its outside
 * effect is a line in a file, which a reader counts, by an outside system that does each key once.
 */
const [stateDir = '', databaseUrl = '', list = '', seed = '0', log = ''] = process.argv.slice(2);
const database = await openDatabase({ stateDir, databaseUrl: databaseUrl || undefined });
const parts = { ledger: createLedger(database), now: Date.now };
const create = offer(createAccount, { kind: 'here', act: openAccount }, parts);
const told = offer(
  postNotification,
  {
    kind: 'outside',
    leaseMs: 300,
    repeatable: true,
    act: async ({ channel }, { key }) => {
      appendFileSync(log, `${key}\n`);
      return { notificationId: key, channel };
    },
  },
  parts,
);

const random = (n: number) => Math.abs(Math.sin(n * 12.9898 + Number(seed) * 78.233) * 43_758.5453) % 1;
const keys = list.split(',').map((key, index) => ({ key, order: random(index) }));
keys.sort((left, right) => left.order - right.order);

for (const { key } of keys) {
  await untilDone(() =>
    create.run(
      {
        requestId: key,
        customerId: 'cus-1',
        identityCheckId: key,
        displayName: 'A',
        plan: 'starter',
        segment: 'private',
      },
      meta(`c:${key}`),
    ),
  );
  await untilDone(() =>
    told.run({ subjectId: key, allowedChannels: ['sales'], channel: 'sales', message: 'hello' }, meta(`n:${key}`)),
  );
}
await database.destroy();

function meta(key: string) {
  return { key, signal: AbortSignal.timeout(60_000) };
}

async function untilDone(run: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      await run();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error('Never done.');
}
