import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { badAnswer, rejected } from '../trouble.ts';

/** Documents by the hash of their content: what is there can be replaced by nothing but itself. */
export interface DocumentStore {
  /** Keeps the bytes and gives their id. */
  put(bytes: Buffer): Promise<string>;
  /** @throws Failed ToolRejected for an unknown id, BadAnswer where the bytes are no longer those of the id */
  get(documentId: string): Promise<Buffer>;
}

export function documentStore(stateDir: string): DocumentStore {
  const folder = join(stateDir, 'documents');
  const fileOf = (documentId: string) => join(folder, `${documentId}.pdf`);
  return {
    put: async (bytes) => {
      const documentId = idOf(bytes);
      await mkdir(folder, { recursive: true });
      const fresh = join(folder, `.${randomUUID()}`);
      await writeFile(fresh, bytes, { flush: true });
      await rename(fresh, fileOf(documentId));
      return documentId;
    },
    get: async (documentId) => {
      if (!/^sha256-[0-9a-f]{64}$/.test(documentId)) throw rejected('that is no document id');
      const bytes = await readFile(fileOf(documentId)).catch(() => {
        throw rejected('the document is not in the store', { documentId });
      });
      if (idOf(bytes) !== documentId) throw badAnswer('documents', 'documentId');
      return bytes;
    },
  };
}

const idOf = (bytes: Buffer): string => `sha256-${createHash('sha256').update(bytes).digest('hex')}`;
