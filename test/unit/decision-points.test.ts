import { describe, expect, it } from 'vitest';
import { agents } from '../../agents/index.ts';
import type { Decision } from '../../contracts/decision.ts';
import { isListed, POINTS, type Point } from '../../contracts/decision-points.ts';
import type { StepSignal } from '../../contracts/signals.ts';
import { emissionsOf, pathOf } from '../../telemetry/emissions.ts';
import { createMeter } from '../../telemetry/meter.ts';
import { bookedCalls } from '../../workflows/signals.ts';
import { sourcesIn } from '../support/imports.ts';

const decision: Decision = {
  step: 'createAccount',
  at: '2026-11-22T10:00:00Z',
  agent: 'createAccount',
  tool: 'accounts.create',
  outcome: 'done',
  verdict: 'allowed',
  rule: 'within-policy',
  why: '',
  confidence: 0.93,
  reasoning: 'Twelve seats are a team.',
  model: 'claude-x-9',
  simulated: false,
  prompt: 'v2 0123456789ab',
  answers: [],
  modelCalls: 2,
  costMicroUsd: 700,
  proposeMs: 900,
  actMs: 30,
  ms: 1000,
  replayed: false,
};
const step: StepSignal = {
  kind: 'step',
  process: 'onboardCustomer',
  decision,
  asksModel: true,
  prompt: 'v2',
  calls: [
    { model: 'claude-x-9', outcome: 'answered', inputTokens: 100, outputTokens: 20, ms: 900, bookedMicroUsd: 300 },
    { model: 'unknown', outcome: 'unknown', inputTokens: 0, outputTokens: 0, ms: 0, bookedMicroUsd: 400 },
  ],
};
const answer = {
  approval: 'a-1',
  verdict: 'approve',
  by: 'mia',
  role: 'manager',
  at: decision.at,
  digest: '',
  identity: 'signed',
  via: 'update',
} as const;

/** An operator's price table names the models, and they look like anything. */
const A_MODEL = 'claude-x-9';
const IDS = ['onboardCustomer-CR-0001', 'ana@north.example', '9f1c2a04-63e5-4d0a-9a11-3c8d1d1f7f10', 'Ana Novak'];

describe('the list of decision points', () => {
  it('has a name, a help and closed labels for each, as Prometheus wants them (OB-90)', () => {
    for (const [name, { kind, help, labels }] of Object.entries<Point>(POINTS)) {
      expect(name).toMatch(kind === 'counter' ? /^governor_[a-z_]+_total$/ : /^governor_[a-z_]+$/);
      expect(help.length).toBeGreaterThan(5);
      const closed = Object.entries(labels).filter(([, domain]) => !isListed(domain, A_MODEL));
      for (const [label, domain] of closed)
        expect(
          IDS.filter((id) => isListed(domain, id)),
          `${name} ${label}`,
        ).toEqual([]);
    }
  });

  it('knows every agent', () => {
    const { agent } = POINTS.governor_steps_total.labels;
    expect(Object.keys(agents).filter((name) => !agent.includes(name))).toEqual([]);
  });

  it('is the only way to a metric: nothing else makes one, and each point is told somewhere (OB-90, RD-99)', () => {
    const sources = sourcesIn(['activities', 'client', 'models', 'telemetry', 'tools', 'workers', 'workflows']);
    const makers = sources.filter(({ text }) => /from 'prom-client'|metricMeter/.test(text)).map(({ file }) => file);
    expect(makers).toEqual(['telemetry/meter.ts']);
    const told = new Set(sources.flatMap(({ text }) => text.match(/(?<=')governor_[a-z_]+(?=')/g) ?? []));
    expect([...told].sort()).toEqual(Object.keys(POINTS).sort());
  });
});

describe('what a step counts', () => {
  const of = (signal: StepSignal, point: string) =>
    emissionsOf(signal)
      .filter((each) => each.point === point)
      .map(({ labels, value }) => ({ ...labels, value }));

  it('is its path, verdict and rule', () => {
    expect(of(step, 'governor_steps_total')).toEqual([
      { process: 'onboardCustomer', agent: 'createAccount', path: 'automatic', outcome: 'done', value: 1 },
    ]);
    expect(of(step, 'governor_verdicts_total')).toEqual([
      { agent: 'createAccount', verdict: 'allowed', rule: 'within-policy', value: 1 },
    ]);
  });

  it.each([
    ['asked', { answers: [answer] }],
    ['asked', { outcome: 'unanswered' }],
    ['refused', { verdict: 'refused', outcome: 'failed' }],
    ['fallback', { model: 'none' }],
    ['broken', { outcome: 'failed' }],
  ] as const)('knows the path %s: %o', (path, change) => {
    expect(pathOf({ decision: { ...decision, ...change }, asksModel: true })).toBe(path);
  });

  it('does not take an agent without a model for one that fell back', () => {
    expect(pathOf({ decision: { ...decision, model: 'none' }, asksModel: false })).toBe('automatic');
  });

  it('is the time of proposing apart from that of acting (OB-92)', () => {
    expect(of(step, 'governor_propose_seconds')).toEqual([{ agent: 'createAccount', model: 'claude-x-9', value: 0.9 }]);
    expect(of(step, 'governor_act_seconds')).toEqual([
      { agent: 'createAccount', tool: 'accounts.create', value: 0.03 },
    ]);
  });

  it('is money and tokens by agent, model and prompt, and to the micro-dollar what the budget booked (OB-94)', () => {
    const cost = of(step, 'governor_cost_micro_usd_total');
    expect(cost).toEqual([
      expect.objectContaining({ model: 'claude-x-9', prompt: 'v2', charge: 'usage', value: 300 }),
      expect.objectContaining({ model: 'unknown', prompt: 'v2', charge: 'worst-case', value: 400 }),
    ]);
    expect(cost.reduce((sum, { value }) => sum + value, 0)).toBe(decision.costMicroUsd);
    expect(of(step, 'governor_tokens_total').map(({ value }) => value)).toEqual([100, 20, 0, 0]);
  });
});

describe('what the budget booked', () => {
  const call = { model: 'm', simulated: false, outcome: 'answered', inputTokens: 1, outputTokens: 1, ms: 1 } as const;
  const sum = (calls: readonly { bookedMicroUsd: number }[]) =>
    calls.reduce((total, each) => total + each.bookedMicroUsd, 0);

  it('is spread over the calls that were made, never above it', () => {
    const made = [
      { ...call, costMicroUsd: 300 },
      { ...call, costMicroUsd: 300 },
    ];
    expect(bookedCalls(500, made, 3).map(({ bookedMicroUsd }) => bookedMicroUsd)).toEqual([300, 200]);
  });

  it('is whole where nobody knows the calls', () => {
    const lost = bookedCalls(1000, undefined, 3);
    expect(lost).toHaveLength(3);
    expect(sum(lost)).toBe(1000);
  });
});

describe('a meter', () => {
  const labels = { process: 'onboardCustomer', outcome: 'onboarded' };

  it('is read in the OpenMetrics format, with a trace for an example', async () => {
    const meter = createMeter();
    meter.tell('governor_cases_total', labels, 1, 'a'.repeat(32));
    meter.tell('governor_cases_total', labels);
    const { contentType, text } = await meter.read();
    expect(contentType).toContain('openmetrics-text');
    expect(text).toContain(
      `governor_cases_total{process="onboardCustomer",outcome="onboarded"} 2 # {trace_id="${'a'.repeat(32)}"} 1`,
    );
    expect(text.trimEnd().endsWith('# EOF')).toBe(true);
  });

  it('never has a label that no list knows, and says so', async () => {
    const complaints: string[] = [];
    const meter = createMeter((point, label) => complaints.push(`${point} ${label}`));
    meter.tell('governor_cases_total', { process: 'onboardCustomer', outcome: 'Ana Novak, +48 22 555 01 01' });
    const { text } = await meter.read();
    expect(text).toContain('outcome="other"');
    expect(text).not.toContain('Novak');
    expect(complaints).toEqual(['governor_cases_total outcome']);
  });

  it('bounds how many values a label of a shape has', async () => {
    const meter = createMeter();
    const name = (at: number) =>
      `${'abcdefghij'[Math.floor(at / 100) % 10]}${'klmnopqrst'[Math.floor(at / 10) % 10]}${'uvwxyzabcd'[at % 10]}`;
    for (let at = 0; at < 500; at++) meter.tell('governor_cases_total', { ...labels, outcome: name(at) });
    const { text } = await meter.read();
    expect(text.match(/^governor_cases_total\{/gm)).toHaveLength(201);
  });

  it('reads what has a state when it is read, and goes without what cannot be looked at', async () => {
    const meter = createMeter();
    meter.beforeReading(() => meter.tell('governor_breaker_state', { model: 'm', state: 'open' }, 1));
    meter.beforeReading(() => Promise.reject(new Error('away')));
    expect((await meter.read()).text).toContain('governor_breaker_state{model="m",state="open"} 1');
  });
});
