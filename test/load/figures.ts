import type { Climb, MeasuredStep } from './climb.ts';
import { HELD } from './knee.ts';
import type { RoleShare } from './roles.ts';

/** What four workers have to do of what one does. */
const AIM = 3.2;
/** From here on there is as good as none left of it. */
const TAKEN = 0.9;

/** What stopped a climb: the workers' slots, the machine's cores, or nothing yet that was looked at. */
export function limitOf({ steps }: Pick<Climb, 'steps'>): 'slots' | 'CPU' | 'not reached' {
  const top = steps.at(-1);
  if (top && top.slotsTaken >= TAKEN) return 'slots';
  return top && top.usage.machineBusy >= TAKEN ? 'CPU' : 'not reached';
}

/**
 * How many times what the fewest workers do is done by the most of them, at as many slots each. Nothing where there is only
 * one such climb, or the fewest did nothing.
 */
export function ratioOf(
  climbs: readonly Climb[],
): { readonly workers: readonly number[]; readonly ratio: number } | undefined {
  const same = climbs.filter(({ slots }) => slots === climbs[0]?.slots);
  const [fewest, most] = [same[0], same.at(-1)];
  if (!fewest?.most || !most || fewest === most) return undefined;
  return { workers: [fewest.workers, most.workers], ratio: most.most / fewest.most };
}

/** The result as Markdown. */
export function tables(climbs: readonly Climb[]): string {
  return [
    grid(
      [
        'workers × slots',
        'knee',
        'most',
        'p50',
        'p95',
        'activity waits p99',
        'workflow task waits p99',
        'failures',
        'limit',
      ],
      climbs.map(climbRow),
    ),
    'At the knee, in cores, and the memory of all processes of a role; the CPU of a case is without the runner:',
    grid(['workers × slots', ...rolesOf(climbs), 'all', 'CPU of a case', 'the machine'], climbs.map(rolesRow)),
    'Each step:',
    grid(
      ['workers × slots', 'offered', 'done', 'p50', 'p95', 'open', 'slots taken', 'the machine'],
      climbs.flatMap((climb) => climb.steps.map((step) => stepRow(climb, step))),
    ),
    ratioLine(climbs),
  ].join('\n\n');
}

function climbRow(climb: Climb): string[] {
  const { knee, most, failures, cases } = climb;
  return [
    name(climb),
    knee ? perSecond(knee.offered) : 'below the first step',
    perSecond(most),
    seconds(knee?.p50Ms),
    seconds(knee?.p95Ms),
    milliseconds(knee?.waitP99Ms.activity),
    milliseconds(knee?.waitP99Ms.workflow),
    `${failures.length} of ${cases}`,
    limitOf(climb),
  ];
}

const rolesOf = (climbs: readonly Climb[]): string[] => climbs[0]?.steps[0]?.usage.roles.map(({ role }) => role) ?? [];

function rolesRow(climb: Climb): string[] {
  const step = climb.knee ?? climb.steps[0];
  const roles = step?.usage.roles ?? [];
  const all = sumOfCores(roles);
  const ofACase = (1000 * sumOfCores(roles.filter(({ role }) => role !== 'runner'))) / (step?.done ?? 0);
  const machine = `${percent(step?.usage.machineBusy ?? Number.NaN)} busy`;
  return [name(climb), ...roles.map(shareCell), all.toFixed(2), milliseconds(ofACase), machine];
}

const sumOfCores = (roles: readonly RoleShare[]): number => roles.reduce((total, { cores }) => total + cores, 0);

const shareCell = ({ cores, rssMb, processes }: RoleShare): string =>
  `${cores.toFixed(2)}, ${Math.round(rssMb)} MB${processes > 1 ? ` (${processes})` : ''}`;

const stepRow = (climb: Climb, { offered, done, p50Ms, p95Ms, open, slotsTaken, usage }: MeasuredStep): string[] => [
  name(climb),
  perSecond(offered),
  perSecond(done),
  seconds(p50Ms),
  seconds(p95Ms),
  String(open),
  percent(slotsTaken),
  percent(usage.machineBusy),
];

function ratioLine(climbs: readonly Climb[]): string {
  const found = ratioOf(climbs);
  if (!found) return 'There is nothing to compare.';
  const [fewest, most] = found.workers;
  const aim = fewest === 1 && most === 4 ? ` (aim ≥ ${AIM}: ${found.ratio >= AIM ? 'met' : 'missed'})` : '';
  return `${fewest} → ${most} workers: ${found.ratio.toFixed(2)} times as many cases a second${aim}.`;
}

/** What the tables' words mean, for whoever reads them alone. */
export const LEGEND = `Knee and most in cases a second. The knee is the last step of which ${HELD.doneShare * 100} % was done, with a p95 of at most ${HELD.timesSlower} times the p50 of the lightest step.`;

const name = ({ workers, slots }: Climb): string => `${workers} × ${slots}`;
const perSecond = (value: number): string => value.toFixed(2);
const seconds = (ms = Number.NaN): string => (Number.isFinite(ms) ? `${(ms / 1000).toFixed(2)} s` : '');
const milliseconds = (ms = Number.NaN): string => (Number.isFinite(ms) ? `${Math.round(ms)} ms` : '');
const percent = (share: number): string => `${Math.round(share * 100)} %`;

const grid = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
