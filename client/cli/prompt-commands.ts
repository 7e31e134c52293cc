import type { Command } from 'commander';
import type { PromptHistory, ReleaseDesk } from './release-desk.ts';
import { showShares } from './release-views.ts';
import { findName, Mistake, type Terminal, table } from './words.ts';

/** `governor prompts …`: one agent's prompt apart from everything else. */
export function addPromptCommands(program: Command, desk: ReleaseDesk, terminal: Terminal): void {
  const prompts = program.command('prompts').description("the agents' prompts, each in versions");

  prompts
    .command('list')
    .description('each agent with the version in use, those released before, and those on disk')
    .option('--json', 'one JSON array')
    .action(({ json }: { json?: true }) => listPrompts(desk, terminal, json));

  prompts
    .command('rollback')
    .argument('[agent]', 'whose prompt goes back')
    .argument('[version]', 'to which; the one before where left out')
    .description("take one agent's prompt back for new cases; nothing else moves")
    .action((agent: string | undefined, version: string | undefined) => rollback(desk, terminal, agent, version));
}

async function listPrompts(desk: ReleaseDesk, terminal: Terminal, json: true | undefined): Promise<void> {
  const histories = await Promise.all(desk.agents.map((agent) => desk.history(agent)));
  if (json) return terminal.out(JSON.stringify(histories));
  const rows = histories.map(({ agent, inUse, released, onDisk }) => [
    agent,
    showShares(inUse) || 'none',
    released.join(' ') || 'none',
    onDisk.join(' ') || 'none',
  ]);
  terminal.out(table([['agent', 'in use', 'released', 'on disk'], ...rows]));
}

async function rollback(
  desk: ReleaseDesk,
  terminal: Terminal,
  typed: string | undefined,
  version: string | undefined,
): Promise<void> {
  const agent = typed ? findName('agent', typed, desk.agents) : await chooseAgent(desk, terminal);
  const before = await desk.history(agent);
  const release = await desk.rollback(agent, version);
  const now = showShares(release.agents[agent]?.prompts ?? []);
  terminal.out(`${agent}: ${showShares(before.inUse)} → ${now}, in ${release.id}. Nothing else moved.`);
  terminal.out('New cases take it from now on; running ones keep theirs.');
}

/** Only on a terminal; a script has to name the agent. */
async function chooseAgent(desk: ReleaseDesk, terminal: Terminal): Promise<string> {
  const histories = await Promise.all(desk.agents.map((agent) => desk.history(agent)));
  const movable = histories.filter(hasEarlier).map(({ agent }) => agent);
  const named = `Name the agent. There are: ${desk.agents.join(', ')}.`;
  if (movable.length === 0) throw new Mistake('No agent has an earlier prompt to go back to.');
  const chosen = await terminal.choose?.('Whose prompt should go back?', movable);
  if (!chosen) throw new Mistake(named);
  return chosen;
}

const hasEarlier = ({ inUse, released }: PromptHistory): boolean =>
  inUse.length > 1 || (inUse[0] !== undefined && released.indexOf(inUse[0].version) > 0);
