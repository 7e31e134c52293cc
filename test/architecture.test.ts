import { describe, expect, it } from 'vitest';
import { type Import, importsOf, sourcesIn } from './support/imports.ts';

/**
 * The arrows of the house. `ours`: folders that a folder may import by value; `types`: by `import type` only; `packages`:
 * where not every package is allowed, those that are.
 */
const ARROWS: Readonly<Record<string, { ours: string[]; types?: string[]; packages?: string[] }>> = {
  contracts: { ours: [], packages: ['zod', '@noble/hashes', 'canonicalize', '@temporalio/common'] },
  agents: { ours: ['contracts'], packages: ['zod'] },
  workflows: {
    ours: ['contracts', 'agents'],
    types: ['activities'],
    packages: ['zod', '@temporalio/workflow', '@temporalio/common'],
  },
  models: { ours: ['contracts'], types: ['agents'] },
  prompts: { ours: ['contracts', 'agents', 'models'] },
  keys: { ours: ['contracts'], packages: ['jose', 'zod', 'node:crypto', 'node:fs', 'node:path'] },
  telemetry: { ours: ['contracts'] },
  activities: { ours: ['contracts', 'agents', 'models', 'prompts', 'keys', 'telemetry'] },
  tools: { ours: ['contracts', 'keys', 'telemetry'] },
  outside: { ours: ['contracts'] },
  client: { ours: ['contracts', 'keys'], types: ['workflows'] },
};
const FOLDERS = Object.keys(ARROWS);

/** What reaches a network, a disk or a database. */
const OUTWARD = /^(node:(fs|fs\/promises|http|https|http2|net|tls|dgram|sqlite)|nodemailer|tsdav|pg)$/;
/** Beside the adapters: the store with its ledger, and the skin that serves. */
const INFRASTRUCTURE = /^tools\/(database|sqlite|http|server)\.ts$/;
const ADAPTER = /(^|[/-])adapter\.ts$/;

const sources = sourcesIn([...FOLDERS, 'workers']);
const imports = sources.flatMap(importsOf);

const folderOf = (path: string): string => path.split('/')[0] ?? '';
const isOurs = ({ target }: Import): boolean => target.endsWith('.ts') || target.endsWith('.json');
const show = ({ file, target }: Import): string => `${file} imports ${target}`;

function againstTheArrows(all: readonly Import[]): string[] {
  return all.filter((each) => !isAllowed(each)).map(show);
}

function isAllowed(each: Import): boolean {
  const from = folderOf(each.file);
  const rule = ARROWS[from];
  if (!rule) return true;
  if (!isOurs(each)) return rule.packages?.includes(each.target) ?? true;
  const to = folderOf(each.target);
  return to === from || rule.ours.includes(to) || (each.typeOnly && (rule.types ?? []).includes(to));
}

const outwardPastAdapters = (all: readonly Import[]): string[] =>
  all
    .filter(({ file, target, typeOnly }) => folderOf(file) === 'tools' && OUTWARD.test(target) && !typeOnly)
    .filter(({ file }) => !ADAPTER.test(file) && !INFRASTRUCTURE.test(file))
    .map(show);

describe('the house', () => {
  it('is read whole', () => {
    expect(imports.length).toBeGreaterThan(200);
    expect(new Set(sources.map(({ file }) => folderOf(file)))).toEqual(new Set([...FOLDERS, 'workers']));
  });

  it('sequences and retries in workflows alone (ON-10)', () => {
    const where = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
    expect(where(/proxy(Local)?Activities</)).toEqual(['workflows/activities.ts']);
    expect(where(/maximumAttempts|backoffCoefficient/)).toEqual(['workflows/activities.ts']);
    expect(where(/maxRetries: [1-9]/)).toEqual([]);
  });

  it('has arrows that point one way; no workflow knows a tool, a model or a server (WS-73)', () => {
    expect(againstTheArrows(imports)).toEqual([]);
  });

  it('speaks to the outside through adapter files alone', () => {
    expect(outwardPastAdapters(imports)).toEqual([]);
  });

  it('reads the environment in workers/config.ts alone', () => {
    const readers = sources.filter(({ text }) =>
      /\bprocess\s*\.\s*env\b|\bprocess\[['"]env|import[^;]*\benv\b[^;]*'node:process'/.test(text),
    );
    expect(readers.map(({ file }) => file)).toEqual(['workers/config.ts']);
  });
});

describe('an arrow that points backwards is seen', () => {
  const from = (file: string, text: string) => importsOf({ file, text });

  it.each([
    ['workflows/x.ts', "import { createLedger } from '../tools/ledger.ts';"],
    ['workflows/x.ts', "import { act } from '../activities/act.ts';"],
    ['workflows/x.ts', "import { readFile } from 'node:fs/promises';"],
    ['workflows/x.ts', "import OpenAI from 'openai';"],
    ['activities/x.ts', "import { createTools } from '../tools/catalogue.ts';"],
    ['activities/x.ts', "const tools = await import('../tools/catalogue.ts');"],
    ['tools/crm/x.ts', "export * from '../../agents/index.ts';"],
    ['contracts/x.ts', "import type { Agent } from '../agents/define-agent.ts';"],
    ['agents/x.ts', "import {\n  createModels,\n} from '../models/index.ts';"],
    ['client/x.ts', "import { Case } from '../workflows/case.ts';"],
  ])('%s: %s', (file, text) => {
    expect(againstTheArrows(from(file, text))).toHaveLength(1);
  });

  it.each([
    ['workflows/x.ts', "import type { AgentActivity } from '../activities/index.ts';"],
    ['workflows/x.ts', "import { condition } from '@temporalio/workflow';"],
    ['agents/rehearse/x.ts', "import { fail } from '../../contracts/failures.ts';"],
  ])('and one that points forwards is none, %s: %s', (file, text) => {
    expect(from(file, text)).toHaveLength(1);
    expect(againstTheArrows(from(file, text))).toEqual([]);
  });

  it('and so is a tool that goes around its adapter', () => {
    expect(outwardPastAdapters(from('tools/crm/x.ts', "import nodemailer from 'nodemailer';"))).toHaveLength(1);
  });
});
