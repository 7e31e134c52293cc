import { z } from 'zod';

const Name = z.string().min(1).max(100);

/** A version of a document in the store; one without markup is JSON, and may stand here as it is. */
export const Paper = z
  .strictObject({
    document: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,60}$/),
    version: z.int().min(1).max(9999),
    author: Name,
    /** Seen from the content where it is not said. */
    format: z.enum(['json', 'xml']).optional(),
    content: z.union([z.string().min(1).max(1_000_000), z.record(z.string(), z.unknown()), z.array(z.unknown())]),
  })
  .transform(({ content, format, ...rest }) => {
    const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 1)}\n`;
    return { ...rest, content: text, format: format ?? formatOf(text) };
  });

/** XML begins with a mark, and JSON never does. */
const formatOf = (text: string): 'json' | 'xml' => (/^\s*\ufeff?\s*</.test(text) ? 'xml' : 'json');
