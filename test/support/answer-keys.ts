import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnswerClaims } from '../../contracts/answer-token.ts';
import { type AnswerKeyFiles, makeAnswerKeys } from '../../keys/answer-files.ts';

/** Fresh keys in a folder of their own. */
export function answerKeys(options?: { embedded?: boolean }): AnswerKeyFiles {
  const folder = mkdtempSync(join(tmpdir(), 'answer-keys-'));
  const files = { signing: join(folder, 'answer-signing.json'), public: join(folder, 'answer-keys.json') };
  makeAnswerKeys(files, options);
  return files;
}

export type Signed = Omit<AnswerClaims, 'iss' | 'aud' | 'iat' | 'exp' | 'jti'>;

/** A yes of a manager to one line of an expense report. */
export const yes = (change: Partial<Signed> = {}): Signed => ({
  sub: 'darius.wren',
  role: 'manager',
  case: 'expense-1',
  step: 'reimburseExpense',
  approval: 'reimburseExpense-1',
  digest: 'a'.repeat(64),
  verdict: 'approve',
  answer: 'b'.repeat(64),
  ...change,
});
