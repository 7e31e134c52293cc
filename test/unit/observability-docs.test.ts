import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { POINTS, type Point } from '../../contracts/decision-points.ts';

const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `(governor_[a-z_]+)` \| (\w+) \| (.+) \| (.+) \|$/gm)];

describe('docs/observability.md', () => {
  it('has a row for every decision point, and no other (OB-90)', () => {
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(POINTS).sort());
  });

  it.each(Object.entries<Point>(POINTS))('says what %s is', (name, { kind, help, labels }) => {
    const [, , ...told] = rows.find(([, each]) => each === name) ?? [];
    expect(told).toEqual([kind, help, Object.keys(labels).join(', ')]);
  });
});
