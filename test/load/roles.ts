import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { usageOf, usageOfGroup } from '../../bench/usage.ts';

/** What each process is for. The runner is this one: it begins the cases, and is the model and the way to the tools. */
const ROLES: readonly (readonly [role: string, words: RegExp])[] = [
  ['worker', /workers\/worker\.ts/],
  ['server', /governor-server/],
  ['tools', /workers\/tools\.ts/],
  ['api', /workers\/api\.ts/],
  ['outside', /workers\/outside\.ts/],
];

/** What all processes of a role have used until now. */
export interface RoleUsage {
  readonly role: string;
  readonly processes: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

export interface UsageNow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly roles: readonly RoleUsage[];
  /** What all cores together have done since the machine began, whoever for: milliseconds. */
  readonly machine: { readonly busyMs: number; readonly allMs: number };
}

/** Each of ours is the first of a process group of its own, and the whole group counts. */
export function usageNow(): UsageNow {
  const ours = children();
  const roles = ROLES.map(([role, words]) => {
    const found = ours.filter(({ command }) => words.test(command)).map(({ pid }) => usageOfGroup(pid));
    return { role, processes: found.length, cpuMs: sum(found, 'cpuMs'), rssBytes: sum(found, 'rssBytes') };
  });
  const runner = { role: 'runner', processes: 1, ...usageOf(process.pid) };
  return { at: Date.now(), roles: [...roles, runner], machine: machineNow() };
}

const sum = <K extends string>(all: readonly Readonly<Record<K, number>>[], of: K): number =>
  all.reduce((total, each) => total + each[of], 0);

function machineNow(): UsageNow['machine'] {
  const times = cpus().map(({ times: { idle, ...busy } }) => ({
    idle,
    busy: Object.values(busy).reduce((total, each) => total + each, 0),
  }));
  const busyMs = sum(times, 'busy');
  return { busyMs, allMs: busyMs + sum(times, 'idle') };
}

/** What a role has used between two looks. */
export interface RoleShare {
  readonly role: string;
  readonly processes: number;
  /** 1 is one core, all the time. */
  readonly cores: number;
  /** Of all its processes together, at the second look. */
  readonly rssMb: number;
}

export interface UsageBetween {
  readonly roles: readonly RoleShare[];
  /** Of all cores, whoever used them: 1 is no core ever idle. */
  readonly machineBusy: number;
}

export function usageBetween(before: UsageNow, after: UsageNow): UsageBetween {
  const roles = after.roles.map(({ role, processes, cpuMs, rssBytes }) => {
    const earlier = before.roles.find((each) => each.role === role)?.cpuMs ?? 0;
    return { role, processes, cores: (cpuMs - earlier) / (after.at - before.at), rssMb: rssBytes / 1e6 };
  });
  const allMs = after.machine.allMs - before.machine.allMs;
  return { roles, machineBusy: (after.machine.busyMs - before.machine.busyMs) / allMs };
}

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** The processes that this one has started itself. */
function children(): Process[] {
  if (process.platform !== 'linux') return childrenByPs();
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(parent) !== process.pid) return [];
      return [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      // Gone since it was listed.
      return [];
    }
  });
}

function childrenByPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === process.pid ? [{ pid: Number(pid), command }] : [];
  });
}
