import type { Database } from '../database.ts';
import type { Paper } from './papers.ts';

/** Who wrote the document, and everybody whom any version of it was put before. */
export async function stakeholdersOf(database: Database, { document, authors }: Paper): Promise<string[]> {
  const routes = await database
    .selectFrom('approvalRoutes')
    .select('approver')
    .distinct()
    .where('document', '=', document)
    .orderBy('approver')
    .execute();
  return [...new Set([...authors.map((author) => author.toLowerCase()), ...routes.map(({ approver }) => approver)])];
}
