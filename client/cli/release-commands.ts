import type { Command } from 'commander';
import { Failed } from '../../contracts/failures.ts';
import { showUsd } from '../../contracts/money.ts';
import type { Release } from '../../contracts/release.ts';
import type { ReleaseDesk, Share } from './release-desk.ts';
import { findName, Mistake, Refused, type Terminal, table } from './words.ts';

/** `governor release …`: what new cases take. */
export function addReleaseCommands(program: Command, desk: ReleaseDesk, terminal: Terminal): void {
  const release = program.command('release').description('what new cases take: prompts, bounds and one policy');

  release
    .command('list')
    .description('every release, the current one marked')
    .option('--json', 'one JSON array')
    .action(({ json }: { json?: true }) => listReleases(desk, terminal, json));

  release
    .command('show')
    .argument('[id]', 'the current one where left out')
    .description('what a release holds')
    .option('--json', 'the release itself')
    .action((id: string | undefined, { json }: { json?: true }) => showRelease(desk, terminal, id, json));

  release
    .command('check')
    .argument('[id]', 'the current one where left out')
    .description('everything that speaks against a release; ends with 1 if there is anything')
    .option('--all', 'every release')
    .option('--json', 'one JSON array')
    .action((id: string | undefined, options: CheckOptions) => checkReleases(desk, terminal, id, options));

  release
    .command('publish')
    .description('make a release of the agents as they are, and use it')
    .option('--prompt <agent=version>', 'another version, or a split: verifyIdentity=v1:90,v2:10', collect, [])
    .option('--latest', 'take the newest version of every prompt that is not named')
    .option('--policy <id>', 'another policy')
    .option('--note <text>', 'why', '')
    .option('--no-use', 'publish it, and let new cases keep the current one')
    .action((options: PublishOptions) => publish(desk, terminal, options));

  release
    .command('use')
    .argument('<id>')
    .description('let new cases take a release that has been published')
    .action((id: string) => use(desk, terminal, id));
}

interface CheckOptions {
  readonly all?: true;
  readonly json?: true;
}

interface PublishOptions {
  readonly prompt: readonly string[];
  readonly latest?: true;
  readonly policy?: string;
  readonly note: string;
  readonly use: boolean;
}

async function listReleases(desk: ReleaseDesk, terminal: Terminal, json: true | undefined): Promise<void> {
  const current = await currentOf(desk);
  const listed = await Promise.all((await desk.ids()).map((id) => describeRelease(desk, id, current)));
  if (json) return terminal.out(JSON.stringify(listed));
  terminal.out(table(listed.map(({ id, createdAt, note }) => [id === current ? '*' : ' ', id, createdAt.slice(0, 16), note])));
}

/** A broken release is listed too, with what is wrong with it in place of its note. */
async function describeRelease(desk: ReleaseDesk, id: string, current: string | undefined) {
  const marked = { id, current: id === current };
  try {
    const { createdAt, note } = await desk.release(id);
    return { ...marked, createdAt, note };
  } catch (error) {
    if (error instanceof Failed) return { ...marked, createdAt: '', note: error.message };
    throw error;
  }
}

/** Nothing where `current` names none: what mends that must not stumble over it. */
async function currentOf(desk: ReleaseDesk): Promise<string | undefined> {
  return desk.currentId().catch((error: unknown) => {
    if (error instanceof Failed) return undefined;
    throw error;
  });
}

/** By its whole id, or by its number alone: `r12`. */
async function findRelease(desk: ReleaseDesk, typed: string): Promise<string> {
  const ids = await desk.ids();
  const numbered = ids.filter((id) => id.startsWith(`${typed}-`));
  return numbered.length === 1 && numbered[0] ? numbered[0] : findName('release', typed, ids);
}

async function showRelease(desk: ReleaseDesk, terminal: Terminal, id: string | undefined, json: true | undefined): Promise<void> {
  const current = await currentOf(desk);
  const release = await desk.release(id ? await findRelease(desk, id) : await desk.currentId());
  if (json) return terminal.out(JSON.stringify(release));
  terminal.out(`${release.id}${release.id === current ? ' (current)' : ''}, ${release.createdAt.slice(0, 16)}`);
  terminal.out(`${release.note}\nPolicy ${release.policy.id}, prices of ${release.prices}\n`);
  terminal.out(table([['agent', 'prompt', 'calls a step', 'one call at most', 'queue'], ...rowsOf(release)]));
}

const rowsOf = (release: Release): string[][] =>
  Object.entries(release.agents).map(([agent, row]) => [
    agent,
    showShares(row.prompts),
    String(row.iterations),
    row.worstCaseMicroUsd === 0 ? 'no model' : showUsd(row.worstCaseMicroUsd),
    row.taskQueue,
  ]);

/** `v2`, or `v1:90,v2:10` where the cases are split. */
export const showShares = (shares: readonly Share[]): string =>
  shares.length === 1 ? (shares[0]?.version ?? '') : shares.map(({ version, weight }) => `${version}:${weight}`).join(',');

async function checkReleases(desk: ReleaseDesk, terminal: Terminal, id: string | undefined, { all, json }: CheckOptions): Promise<void> {
  const one = async () => (id ? findRelease(desk, id) : desk.currentId());
  const ids = all ? await desk.ids() : [await one()];
  const results = await Promise.all(ids.map(async (each) => ({ release: each, problems: await desk.check(each) })));
  if (json) terminal.out(JSON.stringify(results));
  else for (const { release, problems } of results) terminal.out(describeCheck(release, problems));
  const refused = results.filter(({ problems }) => problems.length > 0).map(({ release }) => release);
  if (refused.length > 0) throw new Refused(`Refused: ${refused.join(', ')}.`);
}

const describeCheck = (release: string, problems: readonly string[]): string =>
  problems.length === 0 ? `${release} is good.` : [`${release} is broken:`, ...problems.map((problem) => `  ${problem}`)].join('\n');

async function publish(desk: ReleaseDesk, terminal: Terminal, options: PublishOptions): Promise<void> {
  const { latest = false, policy, note } = options;
  const prompts = Object.fromEntries(options.prompt.map((typed) => readShares(typed, desk.agents)));
  const before = await currentOf(desk);
  const release = await desk.publish({ prompts, latest, note, ...(policy === undefined ? {} : { policy }) });
  if (release.id === before) return terminal.out(`Nothing would differ from ${before}, which stays.`);
  if (!options.use) return terminal.out(`Published ${release.id}. New cases take it after: npm run governor -- release use ${release.id}`);
  await desk.use(release.id);
  terminal.out(`Published ${release.id}. New cases take it from now on; running ones keep theirs.`);
}

async function use(desk: ReleaseDesk, terminal: Terminal, typed: string): Promise<void> {
  const { id } = await desk.use(await findRelease(desk, typed));
  terminal.out(`New cases take ${id} from now on; running ones keep theirs.`);
}

const SHARES = /^([A-Za-z-]+)=(v\d+(?::\d+)?(?:,v\d+(?::\d+)?)*)$/;

function readShares(typed: string, agents: readonly string[]): [string, Share[]] {
  const [, agent, list] = SHARES.exec(typed) ?? [];
  if (!agent || !list) throw new Mistake(`${typed} is not like verifyIdentity=v2 or verifyIdentity=v1:90,v2:10.`);
  const shares = list.split(',').map((part) => {
    const [version = '', weight = '1'] = part.split(':');
    return { version, weight: Number(weight) };
  });
  return [findName('agent', agent, agents), shares];
}

const collect = (value: string, earlier: readonly string[]): string[] => [...earlier, value];
