import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { act } from '../../activities/act.ts';
import type { AgentDeps } from '../../activities/deps.ts';
import { createToolClient, type ToolClient } from '../../activities/tool-client.ts';
import type { Agent } from '../../agents/define-agent.ts';
import type { AgentTask, Proposal } from '../../contracts/decision.ts';
import type { FailureType } from '../../contracts/failures.ts';
import type { ToolName } from '../../contracts/tools/index.ts';
import { failureOf } from './tool-callers.ts';
import { SAMPLES } from './tool-calls.ts';
import { oldServer, type SwappableServer, swappable } from './tool-servers.ts';

type Values = Record<string, unknown>;
type Said = Awaited<ReturnType<Parameters<typeof oldServer>[1]>>;

interface Fault {
  readonly what: string;
  readonly type: FailureType;
  /** What the server answers, for this tool; nothing where it answers nothing at all. */
  readonly says: (agent: Agent) => Promise<Said>;
  /** The path that has to be named. */
  readonly field?: (agent: Agent) => string | undefined;
}

const text = (words: string): Said => ({ content: [{ type: 'text', text: words }] });
const data = (structuredContent: Values): Said => ({ ...text(JSON.stringify(structuredContent)), structuredContent });
const fieldsOf = (agent: Agent): string[] => Object.keys(agent.tool.output.shape);

/** Fits no field of any contract. */
const nothingThatFits = { neither: ['a', 'text'], nor: 'a number' };

const FAULTS: readonly Fault[] = [
  {
    what: 'a malformed answer',
    type: 'BadAnswer',
    says: async (agent) => data(Object.fromEntries(fieldsOf(agent).map((name) => [name, nothingThatFits]))),
    field: (agent) => fieldsOf(agent)[0],
  },
  { what: 'an empty answer', type: 'BadAnswer', says: async () => data({}), field: (agent) => fieldsOf(agent)[0] },
  { what: 'no answer in an answer', type: 'BadAnswer', says: async () => ({ content: [] }), field: () => '$' },
  { what: 'a truncated answer', type: 'BadAnswer', says: async () => text('{"ticketId": "tkt-0123'), field: () => '$' },
  { what: 'silence until the time is out', type: 'ToolUnavailable', says: () => new Promise(() => undefined) },
  {
    what: 'a success with an error inside',
    type: 'ErrorInAnswer',
    says: async () => data({ error: { code: 'E-1042', message: 'db down' } }),
  },
  {
    what: 'an answer that is too large',
    type: 'AnswerTooLarge',
    says: async (agent) => data({ filler: 'x'.repeat(4 * agent.tool.maxAnswerBytes + 10_000) }),
  },
];

/** Of it the tool has a third. */
const TIMEOUT_MS = 3000;
/** That these calls fail is what they are for. */
const QUIET = new DefaultLogger('ERROR');

/**
 * Runs every agent's call against a tool server that misbehaves in each way we know of, over HTTP: the failure is of the
 * right type, names agent, tool and field, and repeats nothing of what the server said.
 */
export function describeToolFaults(agents: readonly Agent[]): void {
  describe.each(agents.map((agent) => [agent.name, agent] as const))('the tool of %s answers with', (_, agent) => {
    let server: SwappableServer;
    let client: ToolClient;
    const deps = () => ({ tools: client }) as Pick<AgentDeps, 'tools'> as AgentDeps;
    const call = () =>
      new MockActivityEnvironment({}, { logger: QUIET }).run(() =>
        act(agent, taskOf(agent), proposalOf(agent), deps()),
      );
    const answering = (says: Fault['says']) => oldServer([agent.tool.name], () => says(agent));

    beforeAll(async () => {
      server = await swappable(answering(async () => data({})));
      client = createToolClient({ url: server.url, token: 'let-me-in' });
      await failureOf(call());
    });
    afterAll(async () => {
      await client.close();
      await server.stop();
    });

    it.each(FAULTS)('$what: $type (TR-32, TR-33, TR-34)', async ({ type, says, field }) => {
      server.become(answering(says));
      const { failure } = await failureOf(call());
      expect(failure).toMatchObject({ type, details: { agent: agent.name, tool: agent.tool.name } });
      if (field) expect(failure.details['field']).toBe(field(agent));
      expect(JSON.stringify(failure)).not.toMatch(/E-1042|db down|xxx|0123/);
    });

    it('429 with Retry-After: ToolRateLimited, and the wait that was asked for (TR-32)', async () => {
      server.become((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end());
      const { failure, retryAfterMs } = await failureOf(call());
      expect(failure).toMatchObject({ type: 'ToolRateLimited', details: { agent: agent.name, tool: agent.tool.name } });
      expect(retryAfterMs).toBe(7000);
    });
  });
}

/** A good call of the agent's tool. */
const proposalOf = (agent: Agent): Proposal => ({
  tool: agent.tool.name,
  call: SAMPLES[agent.tool.name as ToolName].call('sha256-0'),
  complete: true,
  confidence: 1,
  reasoning: '',
  model: 'none',
  simulated: true,
  prompt: { version: 'v1', sha256: '0'.repeat(64) },
});

const taskOf = (agent: Agent): AgentTask => ({
  step: agent.name,
  facts: { caseId: 'case', process: 'test', startedAt: '2026-01-01T00:00:00Z' },
  key: `fault:${agent.name}`,
  input: {},
  pin: {
    prompt: { version: 'v1', sha256: '0'.repeat(64) },
    iterations: 1,
    maxInputBytes: 1000,
    maxOutputTokens: 100,
    timeoutMs: TIMEOUT_MS,
    worstCaseMicroUsd: 0,
  },
  policy: { confidenceFloor: 0, approval: 'below-floor', linkHosts: [], clockSkewSeconds: 5 },
  allowance: 1,
  callsBefore: 0,
});
