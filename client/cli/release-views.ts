import { Failed } from '../../contracts/failures.ts';
import { showUsd } from '../../contracts/money.ts';
import type { Release } from '../../contracts/release.ts';
import type { ReleaseDesk, Share } from './release-desk.ts';
import { findName, type Terminal, table } from './words.ts';

/** Every release, the current one marked. */
export async function listReleases(desk: ReleaseDesk, terminal: Terminal, json: true | undefined): Promise<void> {
  const current = await currentOf(desk);
  const listed = await Promise.all((await desk.ids()).map((id) => describeRelease(desk, id, current)));
  if (json) return terminal.out(JSON.stringify(listed));
  terminal.out(
    table(listed.map(({ id, createdAt, note }) => [id === current ? '*' : ' ', id, createdAt.slice(0, 16), note])),
  );
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

/** What one release holds. */
export async function showRelease(
  desk: ReleaseDesk,
  terminal: Terminal,
  id: string | undefined,
  json: true | undefined,
): Promise<void> {
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
  shares.length === 1
    ? (shares[0]?.version ?? '')
    : shares.map(({ version, weight }) => `${version}:${weight}`).join(',');

/** Nothing where `current` names none: what mends that must not stumble over it. */
export async function currentOf(desk: ReleaseDesk): Promise<string | undefined> {
  return desk.currentId().catch((error: unknown) => {
    if (error instanceof Failed) return undefined;
    throw error;
  });
}

/** By its whole id, or by its number alone: `r12`. */
export async function findRelease(desk: ReleaseDesk, typed: string): Promise<string> {
  const ids = await desk.ids();
  const numbered = ids.filter((id) => id.startsWith(`${typed}-`));
  return numbered.length === 1 && numbered[0] ? numbered[0] : findName('release', typed, ids);
}
