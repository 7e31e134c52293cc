import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { groupsFor } from '../../workers/cli-groups.ts';
import { loadConfig } from '../../workers/config.ts';

const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'command-line.md'), 'utf8');

/** Every command that does something, by its words. */
function commandsUnder(command: Command, words: readonly string[] = []): { name: string; command: Command }[] {
  const below = command.commands.filter((each) => each.name() !== 'help');
  if (below.length === 0) return [{ name: words.join(' '), command }];
  return below.flatMap((each) => commandsUnder(each, [...words, each.name()]));
}

const program = new Command('governor');
const silent = { out: () => undefined, err: () => undefined };
for (const add of groupsFor(loadConfig({}))) add(program, silent);
const commands = commandsUnder(program);

/** What the page says beside a command, in its row or its paragraph. */
const saidOf = (name: string): string => text.split('\n').find((line) => line.includes(`\`governor ${name}`)) ?? '';

describe('docs/command-line.md', () => {
  it('has every command, and no other', () => {
    const documented = [...text.matchAll(/`governor ([a-z]+(?: [a-z]+)*)/g)].map(([, name]) => name);
    expect([...new Set(documented)].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  it.each(commands)('has the arguments and options of governor $name', ({ name, command }) => {
    const said = saidOf(name);
    for (const argument of command.registeredArguments) {
      const shown = argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;
      expect(said, shown).toContain(shown);
    }
    // Both ways to answer have the same options, told in a table of their own; and the page says once that those that read take --json.
    const place = /^approvals (answer|sign)$/.test(name) ? text : `${said}\n${paragraphOf(name)}`;
    for (const { long } of command.options) expect(place, `${name} ${long}`).toContain(long ?? '');
  });
});

/** Where a command has a paragraph and not a row. */
const paragraphOf = (name: string): string =>
  text.split('\n\n').find((part) => part.startsWith(`\`governor ${name}\``)) ?? '';
