import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, paragraph, widthOf, wrapped } from '../../client/cli/layout.ts';
import { ourCommand } from '../../client/cli/shell.ts';
import { type Canvas, drawer } from '../../client/cli/terminal.ts';
import { visible, visibleLine } from '../../client/cli/visible.ts';
import { typing } from '../support/typing.ts';

const ESC = '\u001b';

/** What attackers write into texts that people read at a terminal. */
const HOSTILE: readonly (readonly [what: string, text: string])[] = [
  ['clears the screen', `${ESC}[2J${ESC}[H`],
  ['moves the cursor up and overwrites', `${ESC}[1A${ESC}[2Kapproved`],
  ['sets the title of the window', `${ESC}]0;pwned\u0007`],
  ['makes a link of its own', `${ESC}]8;;https://evil.example\u0007here${ESC}]8;;\u0007`],
  ['reads the clipboard', `${ESC}]52;c;?\u0007`],
  ['writes over the line', 'pay 10\rpay 99'],
  ['takes a character back', 'no\b\byes'],
  ['begins a sequence in one byte', '\u009b2J'],
  ['writes from right to left', 'pay \u202e005 RUE'],
  ['isolates', '\u2066evil\u2069'],
  ['hides words', 'ig\u200bnore\u2060d'],
  ['hides words in tags', '\u{e0041}\u{e0042}'],
  ['marks an order of bytes', '\ufeffx'],
  ['leaves half a character', 'a\ud800b'],
  ['ends a line in its own way', 'a\u2028b\u2029c'],
  ['fills with nothing', '\u3164\u115f\u2800'],
];

describe('what is printed', () => {
  it.each(HOSTILE)('shows a text that %s, and does not do it', async (_, hostile) => {
    const { out, err } = await typing(
      [
        (program, terminal) => {
          program.command('say').action(() => {
            terminal.out(`before ${hostile} after`);
            terminal.err(hostile);
          });
        },
      ],
      ['say'],
    );
    for (const said of [out, err])
      expect(said).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u3164\u115f\u2800]/u);
    expect(out).toMatch(/^before .*\\u[0-9a-f]{4}.* after\n$/);
  });

  it('is the same JSON after it as before, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(JSON.parse(visible(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });

  it('leaves what people read as it is', () => {
    const read = 'Zażółć gęślą jaźń, Ελληνικά, 漢字, 👍, “quoted” – 5 €\nnext line';
    expect(visible(read)).toBe(read);
    expect(visibleLine('a\nb')).toBe('a\\nb');
  });
});

describe('a table', () => {
  const words = fc.string({ maxLength: 60 });

  it('fits into its columns, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words, words, words), { minLength: 1, maxLength: 5 }), (rows) => {
        const shown = fitted(rows, 80);
        for (const line of shown.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
        const letters = (text: string) => [...visibleLine(text)].filter((each) => each !== ' ').sort();
        expect([...shown].filter((each) => !/\s/.test(each)).length).toBe(
          rows
            .flat()
            .flatMap(letters)
            .filter((each) => !/\s/.test(each)).length,
        );
      }),
    );
  });

  it('has columns as wide as needed where there is room', () => {
    expect(
      fitted([
        ['step', 'cost'],
        ['lookUpCustomer', '$0.01'],
        ['漢字', '$2.00'],
      ]),
    ).toBe('step            cost\nlookUpCustomer  $0.01\n漢字            $2.00');
  });

  it('breaks the widest column where there is not', () => {
    expect(
      fitted(
        [
          ['who', 'what'],
          ['me', 'one two three'],
        ],
        14,
      ),
    ).toBe('who  what\nme   one two\n     three');
  });

  it('wraps words, and chops what has no end', () => {
    expect(wrapped('aaa bbb cccccccc', 4)).toEqual(['aaa', 'bbb', 'cccc', 'cccc']);
    expect(paragraph('one\ntwo', '> ')).toBe('> one\n> two');
  });
});

describe('a command to be pasted', () => {
  it('is one word a word, whatever a caller has put into it', () => {
    expect(ourCommand('case', 'show', 'my-case')).toBe('npm run -s governor -- case show my-case');
    expect(ourCommand('case', 'show', "a'; rm -rf ~; '")).toBe(
      `npm run -s governor -- case show 'a'\\''; rm -rf ~; '\\'''`,
    );
    expect(ourCommand('case', 'show', '$(id)')).toBe("npm run -s governor -- case show '$(id)'");
  });
});

describe('a live picture', () => {
  const canvas = (columns: number, rows: number) => {
    const done: string[] = [];
    const stream: Canvas = {
      columns,
      rows,
      moveCursor: (_, up) => done.push(`up ${-up}`) > 0,
      cursorTo: () => done.push('left') > 0,
      clearScreenDown: () => done.push('clear') > 0,
      write: (text: string | Uint8Array) => done.push(String(text)) > 0,
    };
    return { done, draw: drawer(stream) };
  };

  it('takes the place of the one before, line for line', () => {
    const { done, draw } = canvas(20, 10);
    draw(['one', 'two']);
    draw(['three']);
    expect(done).toEqual(['left', 'clear', 'one\ntwo\n', 'up 2', 'left', 'clear', 'three\n']);
  });

  it('goes where it is given no lines, and may be in colour', () => {
    const { done, draw } = canvas(9, 10);
    draw(['\u001b[31mone two\u001b[39m']);
    draw([]);
    draw(['three']);
    expect(done).toEqual([
      ...['left', 'clear', '\u001b[31mone two\u001b[39m\n', 'up 1', 'left', 'clear'],
      ...['left', 'clear', 'three\n'],
    ]);
  });

  it('is never wider or higher than the terminal, where it would not be found again', () => {
    const { done, draw } = canvas(10, 3);
    draw(['gone', 'a b c d e f g h', '漢字漢字漢字']);
    expect(done.at(-1)).toBe('a b c d e…\n漢字漢字…\n');
    draw(['x']);
    expect(done).toContain('up 2');
  });
});
