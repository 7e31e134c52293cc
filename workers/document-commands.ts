import { readFile } from 'node:fs/promises';
import type { CommandGroup } from '../client/cli/run.ts';
import { Mistake, Refused } from '../client/cli/words.ts';
import { DocId } from '../contracts/documents.ts';
import { Failed } from '../contracts/failures.ts';
import { differencesBetween } from '../tools/approvals/differences.ts';
import { addPaper, readPaper } from '../tools/approvals/papers.ts';
import { readContent } from '../tools/approvals/read-content.ts';
import { viewOf } from '../tools/approvals/route.ts';
import { type Database, openDatabase } from '../tools/database.ts';

interface Added {
  readonly as: string;
  readonly by: string;
}

/** `governor documents …`: what lies in the store that documents are approved from. */
export const documentCommands =
  (settings: Parameters<typeof openDatabase>[0]): CommandGroup =>
  (program, terminal) => {
    const documents = program.command('documents').description('the store that documents are approved from');
    const inStore = async <T>(use: (database: Database) => Promise<T>): Promise<T> => {
      const database = await openDatabase(settings);
      return use(database)
        .catch(inWords)
        .finally(() => database.destroy());
    };

    documents
      .command('add')
      .argument('<file>', 'JSON or XML')
      .requiredOption('--as <name>', 'the name of the document; it gets the next version')
      .requiredOption('--by <person>', 'who wrote it, as the directory names people')
      .description('put a document, or a new version of it, into the store')
      .action(async (file: string, { as, by }: Added) => {
        const document = knownId(as);
        if (document.includes('@'))
          throw new Mistake('The store gives the version; leave out the @ and what is after it.');
        const content = await readFile(file, 'utf8').catch(() => {
          throw new Mistake(`The file ${file} cannot be read.`);
        });
        const format = content.trimStart().startsWith('<') ? 'xml' : 'json';
        const paper = { document, author: by, format, content } as const;
        terminal.out(await inStore((database) => addPaper(database, paper, Date.now())));
      });

    documents
      .command('show')
      .argument('<doc_id>', 'INV-2044 is the newest version, INV-2044@2 the second')
      .option('--since <doc_id>', 'show what differs from that version')
      .description('the whole document, or what differs between two versions')
      .action(async (docId: string, { since }: { since?: string }) => {
        const shown = await inStore(async (database) => {
          const paper = await readPaper(database, knownId(docId));
          if (since === undefined) return [`${paper.docId} ${paper.hash} by ${paper.authors.at(-1)}`, viewOf(paper)];
          const [before, after] = [readContent(await readPaper(database, knownId(since))), readContent(paper)];
          if (before.kind !== 'read' || after.kind !== 'read')
            throw new Mistake('One of the two cannot be read as data.');
          return differencesBetween(before.shown, after.shown);
        });
        terminal.out(shown.join('\n') || 'Nothing differs.');
      });
  };

function knownId(typed: string): string {
  const parsed = DocId.safeParse(typed);
  if (parsed.success) return parsed.data;
  throw new Mistake(`${typed} is not the name of a document: letters, digits, dots, dashes, perhaps @ and a version.`);
}

/** A tool tells its reason to programs; here a person reads it. */
function inWords(error: unknown): never {
  const reason = error instanceof Failed ? error.failure.details['reason'] : undefined;
  throw typeof reason === 'string' ? new Refused(`Refused: ${reason}.`) : error;
}
