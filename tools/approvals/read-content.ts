import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** A document as data, or why nobody can read it. */
export type ReadContent =
  | { readonly kind: 'read'; readonly data: unknown; readonly shown: unknown }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Larger documents are for people to split. */
export const MOST_DOCUMENT_BYTES = 256_000;
const MOST_DEPTH = 40;

const PARSER = { parseTagValue: false, parseAttributeValue: false, removeNSPrefix: true, trimValues: true };
/** In XML a list of one looks like none, so these are lists by their name. */
const LISTS = ['lines', 'parties', 'clauses', 'IncludedSupplyChainTradeLineItem'];
/** Entities of a document could grow without end; the five that XML has itself are all that is read. */
const elements = new XMLParser({
  ...PARSER,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  isArray: (name) => LISTS.includes(name),
});
const everything = new XMLParser({
  ...PARSER,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * Reads JSON as it is. XML becomes objects by the names of its elements, without prefixes: an element that is there
 * several times is a list, a text a string. `data` is what schemas are held against, without attributes; `shown` what
 * people see and versions are compared by, with them.
 */
export function readContent({ format, content }: { format: 'json' | 'xml'; content: string }): ReadContent {
  const bytes = Buffer.byteLength(content);
  if (bytes > MOST_DOCUMENT_BYTES)
    return unreadable(`has ${bytes} bytes, and ${MOST_DOCUMENT_BYTES} are the most that is read`);
  const read = format === 'json' ? readJson(content) : readXml(content);
  if (read.kind === 'read' && depthOf(read.data) > MOST_DEPTH)
    return unreadable(`is more than ${MOST_DEPTH} levels deep`);
  return read;
}

function readJson(content: string): ReadContent {
  try {
    const data: unknown = JSON.parse(content.replace(/^\ufeff/, ''));
    return { kind: 'read', data, shown: data };
  } catch {
    return unreadable('is no JSON');
  }
}

function readXml(content: string): ReadContent {
  if (/<!DOCTYPE|<!ENTITY/i.test(content)) return unreadable('has a DOCTYPE, which is not read; take it out');
  const checked = XMLValidator.validate(content);
  if (checked !== true) return unreadable(`is no well-formed XML; see line ${checked.err.line}`);
  try {
    return { kind: 'read', data: elements.parse(content), shown: everything.parse(content) };
  } catch {
    return unreadable('is no XML that can be read');
  }
}

const unreadable = (problem: string): ReadContent => ({ kind: 'unreadable', problem });

/** Counts without recursion, since a hostile document may be deeper than the stack. */
function depthOf(data: unknown): number {
  let level: unknown[] = [data];
  for (let depth = 0; ; depth++) {
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    if (level.length === 0 || depth > MOST_DEPTH) return depth;
  }
}
