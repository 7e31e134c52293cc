import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { POINTS, type Point } from '../../contracts/decision-points.ts';
import { Failed, fail } from '../../contracts/failures.ts';
import type { Meter } from '../../telemetry/meter.ts';
import { silentTracer } from '../../telemetry/tracer.ts';
import { metered } from '../../tools/metered.ts';
import { aroundCalls } from '../../workers/around-calls.ts';
import { meteredModels } from '../../workers/metered-models.ts';
import { tellWaiting } from '../../workers/waiting.ts';
import { down, failureOf, identityAnswer, onboarding } from '../support/cases.ts';
import { type HttpRig, startHttpRig, waitingCase } from '../support/http-rig.ts';
import { modelRequest } from '../support/model-request.ts';
import { openRequest } from '../support/spine.ts';
import { json, startWireServer } from '../support/wire-server.ts';

/**
 * Every point of the list is told in a run of the real workflows, activities, API and tools; what is told beside the list
 * fails where the spine stops, in this file as in every test of workflows.
 */
let rig: HttpRig;
beforeAll(async () => {
  const meter: Meter = {
    tell: (...emission) => rig.spine.meter.tell(...emission),
    tellAll: (emissions) => rig.spine.meter.tellAll(emissions),
  };
  rig = await startHttpRig({ around: aroundCalls({ meter, tracer: silentTracer }) });
});
afterAll(() => rig.stop());
beforeEach(() => rig.spine.reset());

/** Label values and value of each sample of a metric. */
async function samplesOf(name: string): Promise<string[]> {
  const { text } = await rig.spine.meter.read();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_count{`));
}
const has = async (name: string, ...labels: string[]) =>
  expect
    .poll(async () => (await samplesOf(name)).some((line) => labels.every((label) => line.includes(label))), {
      message: `${name} ${labels.join(' ')}`,
      timeout: 5000,
    })
    .toBe(true);

describe('the decision points of cases', () => {
  it('are told by a clean case: its path, rules, time, tokens, money and effects (OB-90, OB-92, OB-94)', async () => {
    rig.spine.models.reset(({ agent }, _times, model) =>
      agent.name === 'lookUpCustomer' && model === 'first' ? down : undefined,
    );
    const handle = await rig.spine.start('onboardCustomer', onboarding());
    await handle.result();
    await has('governor_cases_started_total', 'process="onboardCustomer"');
    await has('governor_cases_total', 'outcome="onboarded"');
    await has('governor_case_seconds', 'process="onboardCustomer"');
    await has('governor_case_cost_micro_usd', 'process="onboardCustomer"');
    await has('governor_steps_total', 'agent="createAccount"', 'path="automatic"', 'outcome="done"');
    await has('governor_verdicts_total', 'agent="createAccount"', 'verdict="allowed"', 'rule="within-policy"');
    await has('governor_confidence', 'agent="createAccount"');
    await has('governor_propose_seconds', 'agent="createAccount"', 'model="first"');
    await has('governor_act_seconds', 'tool="accounts.create"');
    await has('governor_model_calls_total', 'outcome="free"');
    await has('governor_tokens_total', 'direction="output"', 'prompt="v1"');
    await has('governor_failovers_total', 'from="first"', 'to="second"', 'reason="ModelUnavailable"');
    await has('governor_effects_total', 'tool="email.send"', 'result="done"');
    const spent = rig.spine.decisions.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
    const counted = (await samplesOf('governor_cost_micro_usd_total')).map((line) => Number(line.split('} ')[1]));
    expect(counted.reduce((sum, value) => sum + value, 0)).toBe(spent);
  });

  it('are told by an approval: its kind, tier, rung, verdict, how it came and who stands behind it (OB-91, RD-99)', async () => {
    const { id, path, request } = await waitingCase(rig);
    tellWaiting(rig.spine.meter, await rig.http.waiting());
    await has('governor_approvals_waiting', 'kind="proposal"', 'role="compliance"');
    await has('governor_approval_age_seconds', 'kind="proposal"');
    await has('governor_requests_total', 'kind="proposal"', 'tier="compliance"', 'role="compliance"');
    const { digest } = request;
    await rig.call('carla', 'POST', `${path}/answers`, { body: { verdict: 'claim', digest } });
    await rig.call('carla', 'POST', `${path}/answers`, { body: { verdict: 'approve', digest } });
    await rig.spine.client.workflow.getHandle(id).result();
    await has('governor_request_moves_total', 'kind="proposal"', 'move="claim"');
    await has(
      'governor_answers_total',
      'kind="proposal"',
      'tier="compliance"',
      'rung="1"',
      'verdict="approve"',
      'via="update"',
      'identity="signed"',
    );
    await has('governor_answer_seconds', 'kind="proposal"');
    await has('governor_answer_checks_total', 'result="accepted"');
    await has('governor_steps_total', 'agent="createAccount"', 'path="asked"');
    await has('governor_api_calls_total', 'operation="cases.start"', 'status="201"');
    await has('governor_api_seconds', 'operation="cases.start"');
  });

  it('are told by what goes wrong: input, stale data, what is left behind (OB-90)', async () => {
    const refused = await rig.spine.start('onboardCustomer', { requestId: 7 });
    await failureOf(refused);
    await has('governor_inputs_refused_total', 'process="onboardCustomer"');

    rig.spine.tools.answer('identity.verify', ({ customerId }) =>
      identityAnswer(customerId, { checkedAt: '2026-01-01T00:00:00Z', origin: 'cache' }),
    );
    await failureOf(await rig.spine.start('onboardCustomer', onboarding()));
    await has('governor_stale_data_total', 'agent="verifyIdentity"', 'tool="identity.verify"');
    await has('governor_attempt_failures_total', 'failure="StaleData"');
    await has('governor_step_failures_total', 'agent="verifyIdentity"', 'failure="StaleData"');

    rig.spine.reset();
    rig.spine.tools.answer('email.send', () => new Failed(fail('EffectUnknown', 'nobody knows')));
    const unknown = await rig.spine.start('onboardCustomer', onboarding());
    await has('governor_effects_total', 'tool="email.send"', 'result="unknown"');
    await unknown.cancel();
    await unknown.result().catch(() => undefined);
    await has('governor_left_behind_total', 'process="onboardCustomer"');
  });

  it('are told by the budget: what it denied, and a bill that cannot be (OB-90)', async () => {
    const usage = { input: 9_000_000, cacheRead: 0, cacheWrite: 0, output: 10 };
    rig.spine.models.reset(({ agent, input }) => ({
      kind: 'answered',
      value: agent.rehearse?.(input as Record<string, unknown>),
      usage,
      ms: 1,
    }));
    const handle = await rig.spine.start('onboardCustomer', onboarding({ capMicroUsd: 80_000 }));
    await openRequest(handle);
    await has('governor_budget_denials_total', 'process="onboardCustomer"', 'scope="cap"');
    await has('governor_alarms_total', 'alarm="usage-above-bound"');
    await handle.cancel();
  });

  it('are told by breakers', async () => {
    const provider = await startWireServer();
    provider.answers(json({ type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, 529));
    const { meter } = rig.spine;
    const settings = { anthropicApiKey: 'k', baseUrls: { anthropic: provider.url }, breaker: { errors: 1 } };
    const models = meteredModels(settings, { meter, open: meter });
    const plan = models.plan({
      tier: 'fast',
      stakes: 'normal',
      failed: [],
      worstCaseMicroUsd: 1_000_000,
      maxInputBytes: 1000,
      maxOutputTokens: 100,
    });
    const [first] = plan.candidates;
    if (!first) throw new Error('no model');
    await models.call(first, modelRequest());
    await has('governor_breaker_changes_total', `model="${first.model}"`, 'to="open"');
    await has('governor_breaker_state', `model="${first.model}"`, 'state="open"} 1');
    await provider.stop();
  });

  it('are told by the tools', async () => {
    const [tool] = metered(
      [
        {
          tool: (await import('../../contracts/tools/email.ts')).sendEmail as never,
          run: () => Promise.reject(new Failed(fail('ToolUnavailable', 'away'))),
        },
      ],
      rig.spine.meter,
    );
    await tool?.run({}, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await has('governor_tool_calls_total', 'tool="email.send"', 'result="ToolUnavailable"');
    await has('governor_tool_seconds', 'tool="email.send"');
  });

  it('leave none of the list untold', async () => {
    const { text } = await rig.spine.meter.read();
    const untold = Object.entries<Point>(POINTS).filter(
      ([name, { kind }]) => !text.includes(kind === 'histogram' ? `\n${name}_count{` : `\n${name}{`),
    );
    expect(untold.map(([name]) => name)).toEqual([]);
  });
});
