import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Finding } from '../../client/cli/doctor-command.ts';
import { parsePublicKeys, parseSigningKey } from '../../keys/key-shapes.ts';

/** A group may read secrets, since that is how they are mounted; whoever else may, or may write them, must not. */
const OTHERS = 0o027;

export interface KeyFiles {
  /** Absent where this process signs nothing. */
  readonly signing?: string | undefined;
  readonly public?: string | undefined;
}

/** The keys that answers are signed and checked with: there, whole, and fitting each other. */
export function lookAtAnswerKeys({ signing, public: checking }: KeyFiles): Finding {
  const subject = 'answer keys';
  const mend =
    'npm run governor -- keys rotate makes a pair; docs/answer-keys.md tells which process needs which file.';
  if (!checking && !signing) return { subject, state: 'note', says: 'none yet; a house makes them when it starts' };
  const missing = [signing, checking].filter((file) => file !== undefined && !existsSync(file));
  if (missing.length > 0) return { subject, state: 'wrong', says: `${missing.join(' and ')} cannot be found.`, mend };
  try {
    const known = checking ? parsePublicKeys(readFileSync(checking, 'utf8')).keys.map(({ kid }) => kid) : [];
    const signs = signing ? parseSigningKey(readFileSync(signing, 'utf8')).kid : undefined;
    if (checking && signs && !known.includes(signs))
      return {
        subject,
        state: 'wrong',
        says: `${signs} signs, and is not among those that count: ${known.join(', ')}.`,
        mend,
      };
    return { subject, state: 'good', says: signs ? `${signs} signs, ${known.length} count` : `${known.length} count` };
  } catch (error) {
    return { subject, state: 'wrong', says: error instanceof Error ? error.message : 'They cannot be read.', mend };
  }
}

/** Files with secrets in them that others than their owner may read. */
export function lookAtModes(files: readonly string[]): Finding {
  const subject = 'secrets';
  const there = files.filter((file) => existsSync(file));
  const open = there.filter((file) => (statSync(file).mode & OTHERS) !== 0);
  if (open.length > 0)
    return {
      subject,
      state: 'wrong',
      says: `Others may read ${open.join(', ')}.`,
      mend: `chmod 600 ${open.join(' ')}`,
    };
  const says = there.length === 0 ? 'no files with secrets are here' : `${there.length} files, closed to others`;
  return { subject, state: 'good', says };
}
