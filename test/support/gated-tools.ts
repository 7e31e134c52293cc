import { digestOf } from '../../contracts/digest.ts';
import { Failed } from '../../contracts/failures.ts';
import type { Grant } from '../../contracts/grants.ts';
import { openAnswerSigner } from '../../keys/answers.ts';
import { seedPapers } from '../../tools/approvals/papers.ts';
import { createTools } from '../../tools/catalogue.ts';
import { type Database, openDatabase } from '../../tools/database.ts';
import { seedShop } from '../../tools/shop-seed.ts';
import { answerKeys, type Signed, yes } from './answer-keys.ts';
import type { TestStore } from './databases.ts';
import { PAPERS } from './paper-calls.ts';
import { SHOP } from './shop.ts';
import { settingsFor } from './shop-tools.ts';

type Name = 'expenses.reimburse' | 'expenses.file' | 'orders.create' | 'pricing.quote' | 'inventory.reserve';
export type GatedName = Name | 'certificates.issue' | 'documents.route_for_approval';
type Args = Record<string, unknown>;

/** Tools that believe signatures alone, with the key that makes them. */
export interface GatedTools {
  readonly store: TestStore;
  readonly database: Database;
  readonly keys: ReturnType<typeof answerKeys>;
  /** What came of a call: its answer, or the type of its failure. */
  call(name: GatedName, args: Args, approvals?: readonly string[], key?: string): Promise<Outcome>;
  sign(claims: Partial<Signed>): Promise<string>;
  /** Whether an effect is written down for the key. */
  happened(key: string): Promise<boolean>;
  stop(): Promise<void>;
}

export type Outcome =
  | { readonly did: true; readonly answer: Args }
  | { readonly did: false; readonly failure: Failed['failure'] };

export async function gatedTools(store: TestStore, now: () => number = Date.now): Promise<GatedTools> {
  const keys = answerKeys();
  const signer = openAnswerSigner(keys.signing);
  const database = await openDatabase(store);
  await seedShop(database, SHOP);
  await seedPapers(database, PAPERS);
  const tools = createTools(database, { ...settingsFor(store), answerKeys: keys.public }, now);
  let calls = 0;
  return {
    store,
    database,
    keys,
    call: async (name, args, approvals = [], key = `key-${calls++}`) => {
      const meta = { key, run: 'run-1', approvals, signal: AbortSignal.timeout(10_000) };
      try {
        return { did: true, answer: (await tools[name].run(args, meta)).answer };
      } catch (error) {
        if (error instanceof Failed) return { did: false, failure: error.failure };
        throw error;
      }
    },
    sign: (claims) => signer.sign(yes(claims), now()),
    happened: async (key) =>
      (await database.selectFrom('ledger').select('key').where('key', '=', key).executeTakeFirst()) !== undefined,
    stop: async () => {
      await database.destroy();
      await store.stop();
    },
  };
}

export interface Line {
  readonly lineId: string;
  readonly homeMinor: number;
}

/** What pays these lines back; each was agreed to under a digest of its own. */
export const reimbursement = (requestId: string, lines: readonly Line[], change: Args = {}): Args => ({
  requestId,
  employee: 'lena.brandt',
  currency: 'USD',
  totalMinor: lines.reduce((sum, { homeMinor }) => sum + homeMinor, 0),
  lines: lines.map((line) => ({
    ...line,
    ledgerCodes: ['6640'],
    agreedBy: 'manager',
    agreement: agreementOn(requestId, line.lineId),
  })),
  postings: lines.map(({ lineId }) => ({ lineId, ledgerCode: '6640', text: 'dinner' })),
  ...change,
});

export const agreementOn = (requestId: string, lineId: string): string => digestOf({ requestId, lineId });

/** The grant of one line, as a manager reads it. */
export const lineGrant = (requestId: string, { lineId, homeMinor }: Line, change: Args = {}): Grant => ({
  tool: 'expenses.reimburse',
  args: { requestId, employee: 'lena.brandt', lineId, homeMinor, currency: 'USD', ...change },
});

/** A manager's yes to one line. */
export const lineYes = (requestId: string, line: Line, change: Partial<Signed> = {}): Partial<Signed> => ({
  verdict: 'go-on',
  digest: agreementOn(requestId, line.lineId),
  grant: lineGrant(requestId, line),
  ...change,
});
