import type { z } from 'zod';
import type { Release } from '../../contracts/release.ts';
import type { ReleaseShelf } from './parts.ts';
import type { ReleaseRow } from './shapes.ts';

/** All releases, the newest first. */
export async function listReleases(shelf: ReleaseShelf): Promise<z.output<typeof ReleaseRow>[]> {
  const [ids, currentId] = await Promise.all([shelf.ids(), shelf.currentId()]);
  const releases = await Promise.all(ids.map((id) => shelf.release(id)));
  return releases
    .toSorted((left, right) => right.createdAt.localeCompare(left.createdAt))
    .map(({ id, createdAt, note, policy }) => ({ id, createdAt, note, policy: policy.id, current: id === currentId }));
}

export const currentRelease = async (shelf: ReleaseShelf): Promise<Release> => shelf.release(await shelf.currentId());
