import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Agent } from '../../agents/define-agent.ts';
import type { ReadyAnswer } from '../../client/cli/ready-command.ts';
import { Failed } from '../../contracts/failures.ts';
import type { Release } from '../../contracts/release.ts';
import { openReleaseDesk } from '../../prompts/desk.ts';
import { promptFolder } from '../../prompts/files.ts';

/**
 * Publishes a new version of one agent's prompt and takes it back, on a copy of this installation's prompts: the code and
 * the other agents have to stay as they were.
 */
export async function canRollBack(promptsDir: string, agents: Readonly<Record<string, Agent>>): Promise<ReadyAnswer> {
  const question = 'Can a prompt be rolled back without touching the code?';
  const copy = await mkdtemp(join(tmpdir(), 'governor-ready-'));
  try {
    await cp(promptsDir, copy, { recursive: true });
    return { question, ...(await tryIt(copy, agents)) };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return { question, yes: false, evidence: [error.message], mend: 'governor release check' };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function tryIt(dir: string, agents: Readonly<Record<string, Agent>>) {
  const desk = openReleaseDesk(dir, agents);
  const before = await desk.release(await desk.currentId());
  const agent = desk.agents.find((name) => agents[name]?.tier !== 'none') ?? '';
  const { onDisk } = await desk.history(agent);
  const [was] = before.agents[agent]?.prompts ?? [];
  const next = `v${Math.max(...onDisk.map((version) => Number(version.slice(1)))) + 1}`;
  const folder = join(dir, promptFolder(agent));
  await writeFile(join(folder, `${next}.md`), await readFile(join(folder, `${was?.version}.md`)));
  await appendFile(join(folder, `${next}.md`), '\n');
  const began = performance.now();
  const prompts = { [agent]: [{ version: next, weight: 1 }] };
  const published = await desk.publish({ prompts, note: 'Tried, and taken back.' });
  await desk.use(published.id);
  const back = await desk.rollback(agent, was?.version);
  const ms = Math.ceil(performance.now() - began);
  const others = (release: Release) =>
    JSON.stringify({ ...release.agents, [agent]: undefined, policy: release.policy });
  const [now] = back.agents[agent]?.prompts ?? [];
  const problems = [
    ...(published.agents[agent]?.prompts[0]?.version === next ? [] : [`${next} of ${agent} was not taken up.`]),
    ...(now?.sha256 === was?.sha256 ? [] : [`${agent} is not back at ${was?.version}.`]),
    ...(others(back) === others(published) ? [] : ['The rollback changed other agents or the policy.']),
  ];
  const yes = problems.length === 0;
  const done = `On a copy of the prompts ${agent} went to ${next} and back to ${was?.version} in ${ms} ms; all else stayed.`;
  return { yes, evidence: yes ? [done] : problems };
}
