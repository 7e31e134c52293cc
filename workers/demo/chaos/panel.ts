import type { styleText } from 'node:util';
import type { BreakerRow, RoleRow } from '../../../client/cli/house-look.ts';
import { countOf } from '../screen.ts';
import type { Chaos } from './chaos.ts';

export type Paint = (style: Parameters<typeof styleText>[0], words: string) => string;

/** What the live view shows beside the cases and the crew. */
export interface Seen {
  readonly elapsedMs: number;
  readonly breaking: string;
  /** Ids of cases that wait for somebody. */
  readonly waiting: ReadonlySet<string>;
  readonly roles: readonly RoleRow[];
  readonly breakers: readonly (BreakerRow & { readonly worker: string })[];
  /** How often the stand-in was asked. */
  readonly asked: number;
}

const LABEL = 17;
const WIDTH = 98;
/** One mark a case. */
const MARK = '■';

/** Cases by stage, a mark each; what is broken right now; who is at work, who is waited for, and which breakers are open. */
export function panelOf({ cases, crew }: Pick<Chaos, 'cases' | 'crew'>, seen: Seen, paint: Paint): string[] {
  const line = (label: string, words: string): string => `  ${paint('dim', label.padEnd(LABEL))}${words}`;
  const groups = Map.groupBy(cases.all, ({ example }) => example.process);
  const rows = [...groups].map(([process, own]) => {
    const ended = own.filter(({ end }) => end).length;
    const waits = own.filter(({ run, end }) => !end && seen.waiting.has(run.workflowId)).length;
    const works = own.length - ended - waits;
    const marks = [
      paint('green', MARK.repeat(ended)),
      paint('yellow', MARK.repeat(waits)),
      paint('cyan', MARK.repeat(works)),
    ].join('');
    return line(process, `${marks} ${countsOf({ ended, waits, works })}`);
  });
  const workers = crew.all.map(({ name, child, killed }) =>
    killed ? paint('red', `${name} (${child.pid}) dead`) : `${name} (${child.pid})`,
  );
  const breakers = seen.breakers.map(({ model, state, worker }) => paint('red', `${model} ${state} in ${worker}`));
  const roles = seen.roles.map(({ role, requests }) => `${role} ${requests}`);
  return [
    '',
    `  ${paint('dim', `${clock(seen.elapsedMs)} ${'─'.repeat(WIDTH - 8)}`)}`,
    line('right now', paint('bold', seen.breaking)),
    ...rows,
    line('workers', workers.join(', ')),
    line('breakers', breakers.join(', ') || 'all closed'),
    line('stand-in', `asked ${countOf(seen.asked, 'time')}`),
    line('waited for', roles.join(', ') || 'nobody'),
  ];
}

function countsOf({ ended, waits, works }: { ended: number; waits: number; works: number }): string {
  const parts = [
    [works, 'at work'],
    [waits, 'waiting'],
    [ended, 'ended'],
  ] as const;
  return parts.flatMap(([count, words]) => (count > 0 ? [`${count} ${words}`] : [])).join(', ');
}

const clock = (ms: number): string =>
  `${String(Math.floor(ms / 60_000)).padStart(2, '0')}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;
