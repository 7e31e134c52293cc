import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What a process, or a group of them, has used until now. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** Linux counts CPU in ticks of 10 ms. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** CPU and memory of one process, as the operating system accounts for them. */
export const usageOf = (pid: number): Usage =>
  process.platform === 'linux' ? fromProc(pid) : fromPs(['-p', String(pid)]);

/** CPU and memory of all processes of a group. */
export function usageOfGroup(group: number): Usage {
  if (process.platform !== 'linux') return fromPs(['-g', String(group)]);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return sum(pids.filter((pid) => groupOf(pid) === group).map(fromProc));
}

/** Fields of /proc/<pid>/stat from the third on; the second is a name that may hold anything. */
function fieldsOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    // Gone since it was listed.
    return [];
  }
}

const groupOf = (pid: number): number => Number(fieldsOf(pid)[2]);

function fromProc(pid: number): Usage {
  const fields = fieldsOf(pid);
  const field = (index: number): number => Number(fields[index] ?? 0);
  return { cpuMs: (field(11) + field(12)) * TICK_MS, rssBytes: field(21) * PAGE_BYTES };
}

function fromPs(which: readonly string[]): Usage {
  const lines = execFileSync('ps', ['-o', 'time=,rss=', ...which], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return sum(
    lines.map((line) => {
      const [time = '0', rss = '0'] = line.trim().split(/\s+/);
      const seconds = time.split(/[:-]/).reduce((total, part) => total * 60 + Number(part), 0);
      return { cpuMs: seconds * 1000, rssBytes: Number(rss) * 1024 };
    }),
  );
}

const sum = (usages: readonly Usage[]): Usage => ({
  cpuMs: usages.reduce((total, { cpuMs }) => total + cpuMs, 0),
  rssBytes: usages.reduce((total, { rssBytes }) => total + rssBytes, 0),
});
