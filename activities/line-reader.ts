/** A line of a child's output, or the news that one was too long to keep. */
export type Line =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'too-long'; readonly id: string | number | undefined };

const NEWLINE = 10;
/** Enough of a line's beginning and end to find in it whom it answers. */
const EDGE_BYTES = 300;
/** No line may be longer than this, whoever waits for it. */
const LONGEST_LINE_BYTES = 1_000_000;

/** The id stands at the beginning or at the end of a message; what lies between may say anything. */
const ID_FIRST = /^\{(?:"jsonrpc":"2\.0",)?"id":(\d+|"[^"\\]*")/;
const ID_LAST = /[,{]"id":(\d+|"[^"\\]*")(?:,"jsonrpc":"2\.0")?\}\s*$/;

/** Cuts output into lines, and lets go of those that are longer than whoever asked allows, unparsed. */
export class LineReader {
  readonly #maxBytes: (id: string | number) => number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #tail = Buffer.alloc(0);

  constructor(maxBytes: (id: string | number) => number) {
    this.#maxBytes = maxBytes;
  }

  read(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, at));
      lines.push(...this.#finish());
      from = at + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Buffer): void {
    if (part.byteLength === 0) return;
    this.#bytes += part.byteLength;
    this.#tail = Buffer.concat([this.#tail, part.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
    const room = this.#bytes <= LONGEST_LINE_BYTES || this.#parts.length === 0;
    if (room) this.#parts.push(part.subarray(0, LONGEST_LINE_BYTES));
  }

  #finish(): Line[] {
    const bytes = this.#bytes;
    const parts = this.#parts;
    const tail = this.#tail.toString('utf8');
    this.#parts = [];
    this.#bytes = 0;
    this.#tail = Buffer.alloc(0);
    if (bytes === 0) return [];
    const id = idIn(parts[0]?.subarray(0, EDGE_BYTES).toString('utf8') ?? '', tail);
    const limit = id === undefined ? LONGEST_LINE_BYTES : Math.min(LONGEST_LINE_BYTES, this.#maxBytes(id));
    if (bytes > limit) return [{ kind: 'too-long', id }];
    return [{ kind: 'line', text: Buffer.concat(parts).toString('utf8') }];
  }
}

function idIn(head: string, tail: string): string | number | undefined {
  const found = (ID_FIRST.exec(head) ?? ID_LAST.exec(tail))?.[1];
  return found === undefined ? undefined : JSON.parse(found);
}
