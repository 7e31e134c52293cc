import type { Command } from 'commander';
import type { ReleaseDesk, Share } from './release-desk.ts';
import { currentOf, findRelease, listReleases, showRelease } from './release-views.ts';
import { findName, Mistake, Refused, type Terminal } from './words.ts';

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

async function checkReleases(
  desk: ReleaseDesk,
  terminal: Terminal,
  id: string | undefined,
  { all, json }: CheckOptions,
): Promise<void> {
  const one = async () => (id ? findRelease(desk, id) : desk.currentId());
  const ids = all ? await desk.ids() : [await one()];
  const results = await Promise.all(ids.map(async (each) => ({ release: each, problems: await desk.check(each) })));
  if (json) terminal.out(JSON.stringify(results));
  else for (const { release, problems } of results) terminal.out(describeCheck(release, problems));
  const refused = results.filter(({ problems }) => problems.length > 0).map(({ release }) => release);
  if (refused.length > 0) throw new Refused(`Refused: ${refused.join(', ')}.`);
}

const describeCheck = (release: string, problems: readonly string[]): string =>
  problems.length === 0
    ? `${release} is good.`
    : [`${release} is broken:`, ...problems.map((problem) => `  ${problem}`)].join('\n');

async function publish(desk: ReleaseDesk, terminal: Terminal, options: PublishOptions): Promise<void> {
  const { latest = false, policy, note } = options;
  const prompts = Object.fromEntries(options.prompt.map((typed) => readShares(typed, desk.agents)));
  const before = await currentOf(desk);
  const release = await desk.publish({ prompts, latest, note, ...(policy === undefined ? {} : { policy }) });
  if (release.id === before) return terminal.out(`Nothing would differ from ${before}, which stays.`);
  if (!options.use)
    return terminal.out(
      `Published ${release.id}. New cases take it after: npm run governor -- release use ${release.id}`,
    );
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
