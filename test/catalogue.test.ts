import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { refuseAgent } from '../agents/check-agent.ts';
import type { Agent } from '../agents/define-agent.ts';
import { agents } from '../agents/index.ts';
import { Release } from '../contracts/release.ts';
import type { Tool } from '../contracts/tool.ts';
import { tools } from '../contracts/tools/index.ts';
import { portabilityProblems } from '../models/schema.ts';

const catalogue = Object.entries<Agent>(agents);
const prompts = join(import.meta.dirname, '..', 'prompts');
const currentId = readFileSync(join(prompts, 'current'), 'utf8').trim();
const current = Release.parse(JSON.parse(readFileSync(join(prompts, 'releases', `${currentId}.json`), 'utf8')));

describe.each(catalogue)('the agent %s', (key, agent) => {
  it('keeps every rule of the house (SR-50, BA-83, BA-89, RD-106)', () => {
    expect(refuseAgent(agent)).toEqual([]);
  });

  it('is in the catalogue under its own name', () => {
    expect(agent.name).toBe(key);
  });

  it('asks models only for what every provider can answer', () => {
    const open = Object.entries(agent.tool.input.shape).filter(([name]) => !Object.hasOwn(agent.bound, name));
    const schema = z.strictObject(Object.fromEntries(open));
    expect(portabilityProblems(schema)).toEqual([]);
  });

  it('has its prompt and its bounds in the current release', () => {
    expect(current.agents[key]?.iterations).toBeLessThanOrEqual(10);
    for (const { version } of current.agents[key]?.prompts ?? [{ version: 'none' }]) {
      const file = join(prompts, kebab(key), `${version}.md`);
      expect(readFileSync(file, 'utf8').length).toBeGreaterThan(0);
    }
  });
});

describe('the catalogue', () => {
  it('is released whole: no agent without a row, no row without an agent', () => {
    expect(Object.keys(current.agents).sort()).toEqual(Object.keys(agents).sort());
  });

  it('can find its way out without a model: escalation and audit have a fallback', () => {
    expect(agents.escalate.fallback).toBeTypeOf('function');
    expect(agents.writeAudit.fallback).toBeTypeOf('function');
  });
});

describe.each(Object.entries<Tool>(tools))('the tool %s', (key, tool) => {
  it('states its parameters, limits and effect (TF-47)', () => {
    expect(tool.name).toBe(key);
    expect(tool.purpose.length).toBeGreaterThan(10);
    expect(['read', 'effect']).toContain(tool.kind);
    expect(tool.maxAnswerBytes).toBeGreaterThan(0);
    expect(tool.input.def.catchall).toBeInstanceOf(z.ZodNever);
    expect(Object.keys(tool.input.shape)).toEqual(expect.arrayContaining([...tool.guarded, ...(tool.outgoing ?? [])]));
  });

  it('guards something when it has an effect', () => {
    if (tool.kind === 'effect') expect(tool.guarded.length).toBeGreaterThan(0);
  });
});

describe('a bad agent is refused', () => {
  const good: Agent = agents.createAccount;
  const bounds = good.bounds;
  const unguarded = Object.fromEntries(Object.entries(good.bound).filter(([name]) => name !== 'customerId'));
  const [, ...others] = Object.values<Tool>(tools);

  it.each([
    ['a second tool (SR-50)', { ...good, tools: others }, /Unrecognized key: "tools"/],
    ['a list of tools (SR-50)', { ...good, tool: others }, /exactly one tool/],
    ['no tool (SR-50)', { ...good, tool: undefined }, /exactly one tool/],
    ['a tool that the house does not have', { ...good, tool: { ...good.tool } }, /exactly one tool/],
    ['a tier that is not in the table', { ...good, tier: 'best' }, /tier/],
    ['no stakes', { ...good, stakes: undefined }, /stakes/],
    ['no bounds (BA-89)', { ...good, bounds: undefined }, /bounds/],
    ['a bound that nobody enforces', { ...good, bounds: { ...bounds, retries: 99 } }, /Unrecognized key: "retries"/],
    ['eleven iterations (BA-83)', { ...good, bounds: { ...bounds, iterations: 11 } }, /iterations/],
    ['a time without a unit', { ...good, bounds: { ...bounds, timeout: '20' } }, /whole seconds/],
    ['less time for all attempts than for one', { ...good, bounds: { ...bounds, patience: '5s' } }, /only 5s for all/],
    ['a guarded argument left to the model (BA-84)', { ...good, bound: unguarded }, /leaves customerId to the model/],
    ['a bound argument that the tool lacks', { ...good, bound: { ...good.bound, iban: () => 'x' } }, /binds iban/],
    [
      'a bound argument that is a value',
      { ...good, bound: { ...good.bound, customerId: 'c-1' } },
      /has to be a function/,
    ],
    ['no model, and arguments open', { ...good, tier: 'none' }, /has no model, and leaves/],
    ['a prompt that shows what the input lacks', { ...good, shows: ['salary'] }, /shows salary/],
    ['an input that takes unknown fields', { ...good, input: z.object({ message: z.string() }) }, /strictObject/],
    ['no name', { ...good, name: '' }, /camel case/],
  ])('for %s', (_, agent, reason) => {
    expect(refuseAgent(agent).join('\n')).toMatch(reason);
  });

  it('with every problem told at once', () => {
    expect(refuseAgent({ ...good, tier: 'best', stakes: 'none', purpose: '' })).toHaveLength(3);
  });
});

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
