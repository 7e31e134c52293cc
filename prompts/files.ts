import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { digestOf } from '../contracts/digest.ts';
import { Directory } from '../contracts/directory.ts';
import { Failed, fail } from '../contracts/failures.ts';
import { Policy } from '../contracts/policy.ts';
import { Release } from '../contracts/release.ts';
import { queuesOf } from './queues.ts';
import { broken, namesIn, parseJson, readIfThere, sha256Of } from './read.ts';
import { type Prompt, parsePrompt } from './template.ts';

/** One version of a file that never changes, with the digest of its bytes. */
export interface PinnedVersion {
  readonly version: string;
  readonly sha256: string;
}

const VERSION_FILE = /^(v[1-9][0-9]{0,3})\.md$/;
const AGENT_NAME = /^[a-z][A-Za-z0-9]{0,59}$/;
const ID = /^[a-z0-9][a-z0-9.-]{0,60}$/;

/** `verifyIdentity` → `verify-identity`, the folder of the agent's prompts. */
export function promptFolder(agent: string): string {
  if (!AGENT_NAME.test(agent)) throw broken(`${agent} is not an agent's name.`, { agent });
  return agent.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What a release's id ends with, so that nobody can change the file behind it: a digest of all else in it. */
export const releaseDigest = ({ id: _id, ...content }: Release): string => digestOf(content).slice(0, 12);

/** The number of releases made before and with this one: `r12-…` → 12. */
export const releaseNumber = (id: string): number => Number(/^r(\d+)-/.exec(id)?.[1] ?? 0);

/**
 * The folder of prompts, policies and releases. Everything read from it is held against its digest and its shape; what
 * can never change is read once.
 */
export class PromptFiles {
  readonly dir: string;
  readonly #prompts = new Map<string, Prompt>();
  readonly #policies = new Map<string, Policy>();
  readonly #releases = new Map<string, Release>();

  constructor(dir: string) {
    this.dir = dir;
  }

  /** The release that `current` names now. Throws `Failed` ReleaseBroken. */
  async currentId(): Promise<string> {
    const text = await readIfThere(join(this.dir, 'current'));
    const id = text?.toString('utf8').trim() ?? '';
    if (!ID.test(id)) throw broken('prompts/current names no release.');
    return id;
  }

  /** Every release, the first first. */
  async releaseIds(): Promise<string[]> {
    const ids = await this.#idsIn('releases');
    return ids.toSorted((a, b) => releaseNumber(a) - releaseNumber(b) || a.localeCompare(b));
  }

  async policyIds(): Promise<string[]> {
    return (await this.#idsIn('policies')).toSorted();
  }

  async #idsIn(folder: string): Promise<string[]> {
    const names = await namesIn(join(this.dir, folder));
    return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  }

  /** Throws `Failed` ReleaseBroken where there is none of that id, or it is not what was published. */
  async release(id: string): Promise<Release> {
    const known = this.#releases.get(id);
    if (known) return known;
    const release = await this.#readJson(Release, 'releases', id);
    if (release.id !== id) throw broken(`The release ${id} calls itself ${release.id}.`, { release: id });
    if (!id.endsWith(`-${releaseDigest(release)}`)) {
      throw broken(`The release ${id} was changed after it had been published.`, { release: id });
    }
    this.#releases.set(id, release);
    return release;
  }

  /** Throws `Failed` ReleaseBroken where the policy is missing, altered, or above a ceiling. */
  async policy({ id, sha256 }: Release['policy']): Promise<Policy> {
    const known = this.#policies.get(`${id} ${sha256}`);
    if (known) return known;
    const pin = await this.policyPin(id);
    if (pin.sha256 !== sha256) throw broken(`The policy ${id} was changed after it had been released.`, { policy: id });
    const policy = await this.#readJson(Policy, 'policies', id);
    if (policy.id !== id) throw broken(`The policy ${id} calls itself ${policy.id}.`, { policy: id });
    this.#policies.set(`${id} ${sha256}`, policy);
    return policy;
  }

  /** What a release pins of a policy as it is on disk now. */
  async policyPin(id: string): Promise<Release['policy']> {
    return { id, sha256: sha256Of(await this.#readDocument('policies', id)) };
  }

  /** Throws `Failed` PromptMissing where this text is not here or not the one that was released. */
  async prompt(agent: string, { version, sha256 }: PinnedVersion): Promise<Prompt> {
    const known = this.#prompts.get(`${agent} ${version} ${sha256}`);
    if (known) return known;
    const name = `${agent} ${version}`;
    const details = { agent, version, sha256 };
    const bytes = await readIfThere(join(this.dir, promptFolder(agent), `${version}.md`));
    if (!bytes) throw new Failed(fail('PromptMissing', `The prompt ${name} is not here.`, details));
    if (sha256Of(bytes) !== sha256) {
      throw new Failed(fail('PromptMissing', `The prompt ${name} was changed after it had been released.`, details));
    }
    const prompt = parsePrompt(name, bytes.toString('utf8'));
    if (prompt.agent !== agent) throw broken(`The prompt ${name} is written for ${prompt.agent}.`, details);
    this.#prompts.set(`${agent} ${version} ${sha256}`, prompt);
    return prompt;
  }

  /** The agent's versions on disk, oldest first. */
  async promptVersions(agent: string): Promise<PinnedVersion[]> {
    const folder = join(this.dir, promptFolder(agent));
    const versions = (await namesIn(folder)).flatMap((name) => VERSION_FILE.exec(name)?.[1] ?? []);
    const oldestFirst = versions.toSorted((a, b) => versionNumber(a) - versionNumber(b));
    return Promise.all(
      oldestFirst.map(async (version) => ({
        version,
        sha256: sha256Of(await readFile(join(folder, `${version}.md`))),
      })),
    );
  }

  /** Who works here, as of now. Throws `Failed` ReleaseBroken. */
  async directory(): Promise<Directory> {
    return parseJson(Directory, await readIfThere(join(this.dir, 'directory.json')), 'prompts/directory.json');
  }

  /** Which task queue each of these agents is given when it is released next. Throws `Failed` ReleaseBroken. */
  async queues(agents: readonly string[]): Promise<(agent: string) => string> {
    return queuesOf(await readIfThere(join(this.dir, 'queues.json')), agents);
  }

  async #readDocument(folder: 'policies' | 'releases', id: string): Promise<Buffer> {
    const bytes = ID.test(id) ? await readIfThere(join(this.dir, folder, `${id}.json`)) : undefined;
    if (!bytes) throw broken(`There is no prompts/${folder}/${id}.json.`, { id });
    return bytes;
  }

  async #readJson<S extends z.ZodType>(shape: S, folder: 'policies' | 'releases', id: string): Promise<z.output<S>> {
    return parseJson(shape, await this.#readDocument(folder, id), `prompts/${folder}/${id}.json`);
  }
}

export const versionNumber = (version: string): number => Number(version.slice(1));
