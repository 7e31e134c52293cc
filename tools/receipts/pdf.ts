import { extractText, getDocumentProxy } from 'unpdf';
import type { ToolInput, ToolOutput } from '../../contracts/tool.ts';
import type { openReceipt } from '../../contracts/tools/receipts.ts';

const MOST_PAGES = 10;
const MOST_CHARACTERS = 40_000;

/** Errors only: pdf.js writes its warnings to where a tool server speaks MCP. */
const QUIET = { verbosity: 0, isEvalSupported: false, stopAtErrors: false } as const;

/**
 * The text of a PDF. One that is broken, locked, too long, or a picture without text is `unreadable`: that is the
 * claimant's trouble and a person's to look at, and no trouble of the tool.
 */
export async function readPdf({
  requestId,
  lineId,
  pdf,
}: ToolInput<typeof openReceipt>): Promise<ToolOutput<typeof openReceipt>> {
  const { text, pages } = await textOf(new Uint8Array(Buffer.from(pdf, 'base64')));
  const readable = /\p{L}|\d/u.test(text) && text.length <= MOST_CHARACTERS;
  return { requestId, lineId, state: readable ? 'read' : 'unreadable', text: readable ? text : '', pages };
}

async function textOf(bytes: Uint8Array): Promise<{ text: string; pages: number }> {
  try {
    const document = await getDocumentProxy(bytes, QUIET);
    const pages = document.numPages;
    if (pages > MOST_PAGES) return { text: '', pages };
    const { text } = await extractText(document, { mergePages: true });
    return { text, pages };
  } catch {
    return { text: '', pages: 0 };
  }
}
