import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { digestOfText } from '../../contracts/digest.ts';
import { type AccessEnv, guard } from './access/guard.ts';
import { Problem, problemResponse } from './problem.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Names of files of ours: none of them leads out of the folder. */
const FILE = /^(?:[a-z0-9-]+\/)?[a-z0-9-]+\.(html|js|css|svg)$/;

/** Serves the desk's page from a folder under /desk/. It holds nothing: all that it shows it asks the API for. */
export function mountDesk(app: Hono<AccessEnv>, dir: string): void {
  app.get('/', (c) => c.redirect('/desk/'));
  app.get('/desk', (c) => c.redirect('/desk/'));
  app.get('/desk/*', guard('desk.show'), async (c) => {
    const name = c.req.path.slice('/desk/'.length) || 'index.html';
    const type = TYPES[FILE.exec(name)?.[1] ?? ''];
    const text = type && (await readFile(join(dir, name), 'utf8').catch(() => undefined));
    if (!type || text === undefined)
      return problemResponse(new Problem('not-found', 'The desk has no such file.'), c.req.path);
    const tag = `"${digestOfText(text).slice(0, 32)}"`;
    const headers = { 'content-type': type, 'cache-control': 'no-cache', etag: tag };
    return c.req.header('if-none-match') === tag ? c.body(null, 304, headers) : c.body(text, 200, headers);
  });
}
