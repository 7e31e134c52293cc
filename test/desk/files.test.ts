import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANSWER_VERDICTS, MOVES } from '../../contracts/decision.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'client', 'desk', 'page');
const names = await readdir(PAGE);
const files = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(PAGE, name), 'utf8') })));
const scripts = files.filter(({ name }) => name.endsWith('.js'));
const html = files.find(({ name }) => name === 'index.html')?.text ?? '';
const importsOf = (text: string) => [...text.matchAll(/^import[^;]*?'([^']+)';/gm)].map(([, target]) => target ?? '');

describe("the desk's files", () => {
  it('make nothing of a string but text', () => {
    const ways =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|\beval\(|new Function|\.srcdoc|javascript:/;
    expect(scripts.length).toBeGreaterThan(25);
    expect(scripts.filter(({ text }) => ways.test(text)).map(({ name }) => name)).toEqual([]);
    const makers = scripts.filter(({ text }) =>
      /createElement(NS)?\(|setAttribute(NS)?\(/.test(text.replace(/setAttribute\('[a-z-]+'/g, '')),
    );
    expect(makers.map(({ name }) => name)).toEqual(['dom.js']);
  });

  it('hold no script and no style within the page, and fetch nothing from elsewhere', () => {
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=/i);
    for (const { name, text } of files.filter((each) => /\.(js|css|html)$/.test(each.name)))
      expect([
        name,
        text.replace('http://www.w3.org/2000/svg', '').match(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/gi),
      ]).toEqual([name, null]);
  });

  it('import one another alone, and are all fetched at once', () => {
    for (const { name, text } of scripts)
      for (const target of importsOf(text))
        expect([name, target, names.includes(target.replace('./', ''))]).toEqual([name, target, true]);
    const fetched = [...html.matchAll(/(?:modulepreload" href|<script(?: type="module")? src)="([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(fetched.toSorted()).toEqual(scripts.map(({ name }) => name).toSorted());
    const sheets = [...html.matchAll(/rel="stylesheet" href="([^"]+)"/g)].map(([, name]) => name);
    expect(sheets.toSorted()).toEqual(names.filter((name) => name.endsWith('.css')).toSorted());
  });

  it('have a word for every answer and every move', () => {
    const words = scripts.find(({ name }) => name === 'words.js')?.text ?? '';
    for (const verdict of [...ANSWER_VERDICTS, ...MOVES])
      expect(words).toMatch(new RegExp(`^ {2}'?${verdict}'?: \\{ label:`, 'm'));
  });
});
