import { existsSync, readFileSync, statSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../../client/cli/doctor-command.ts';
import type { Config } from '../config.ts';
import type { RunningHouse } from '../house-note.ts';
import { isListening } from '../ports.ts';

const ROOT = resolve(import.meta.dirname, '..', '..');
/** The first that runs TypeScript as it is. */
const OLDEST_NODE = 24;
const MIB = 1024 * 1024;
/** A full disk stops the server in the middle of a write. */
const LEAST_DISK_MIB = 200;
const LITTLE_DISK_MIB = 1024;

/** @param version as in `process.versions.node` */
export function lookAtNode(version: string): Finding {
  const subject = 'Node';
  if (Number(version.split('.')[0]) >= OLDEST_NODE) return { subject, state: 'good', says: version };
  return {
    subject,
    state: 'wrong',
    says: `${version} cannot run TypeScript as it is.`,
    mend: `Start things by npm, which finds Node ${OLDEST_NODE} in node_modules, or install Node ${OLDEST_NODE}.`,
  };
}

const Package = z.object({
  version: z.string().default(''),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** Each package that runs has to lie there in the version that was tried. */
export function lookAtPackages(root = ROOT): Finding {
  const subject = 'packages';
  const wanted = Object.entries(readPackage(join(root, 'package.json'))?.dependencies ?? {});
  const off = wanted.flatMap(([name, version]) => {
    const there = readPackage(join(root, 'node_modules', name, 'package.json'))?.version;
    return there === version ? [] : [`${name} ${there === undefined ? 'is missing' : `is ${there}, not ${version}`}`];
  });
  if (off.length === 0) return { subject, state: 'good', says: `all ${wanted.length} as package.json names them` };
  return { subject, state: 'wrong', says: `${off.join('; ')}.`, mend: 'npm ci' };
}

function readPackage(file: string): z.output<typeof Package> | undefined {
  return existsSync(file) ? Package.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Whether the state folder can be written, and how much room there is. */
export async function lookAtDisk(stateDir: string): Promise<Finding> {
  const subject = 'state folder';
  const folder = nearest(stateDir);
  const isOurs = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isOurs || !statSync(folder).isDirectory())
    return {
      subject,
      state: 'wrong',
      says: `${stateDir} cannot be written.`,
      mend: 'Set GOVERNOR_STATE_DIR to a folder of yours, or change whose this one is.',
    };
  const { bavail, bsize } = await statfs(folder);
  return roomIn(stateDir, Math.floor((Number(bavail) * Number(bsize)) / MIB));
}

/** @param freeMib mebibytes that are free there */
export function roomIn(stateDir: string, freeMib: number): Finding {
  const subject = 'state folder';
  const says = `${stateDir}, ${freeMib} MiB free`;
  const mend = 'Make room; npm run reset empties this folder while nothing runs on it.';
  if (freeMib < LEAST_DISK_MIB) return { subject, state: 'wrong', says, mend };
  return freeMib < LITTLE_DISK_MIB ? { subject, state: 'note', says, mend } : { subject, state: 'good', says };
}

const nearest = (path: string): string => (existsSync(path) ? path : nearest(dirname(path)));

/** Ports that a house would want and cannot have; with a house that runs they are its own. */
export async function lookAtPorts(ports: Config['ports'], house: RunningHouse | undefined): Promise<Finding> {
  const subject = 'ports';
  if (house) return { subject, state: 'good', says: `the house on ${house.stateDir} has those that it needs` };
  const wanted = Object.entries(ports).filter(([, port]) => port !== 0);
  const seen = await Promise.all(
    wanted.map(async ([name, port]) => ((await isListening(port, '127.0.0.1')) ? [`${port} (${name})`] : [])),
  );
  const taken = seen.flat();
  if (taken.length === 0)
    return { subject, state: 'good', says: `${wanted.map(([, port]) => port).join(', ')} are free` };
  return {
    subject,
    state: 'note',
    says: `${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} taken by something else.`,
    mend: 'npm run dev and npm run demo take others and say which; .env.example has a variable for each.',
  };
}
