import { z } from 'zod';

/** What one agent cost, took and needed, with one model and one prompt. */
export interface AgentTask {
  readonly agent: string;
  readonly model: string;
  readonly prompt: string;
  readonly decisions: number;
  /** Model calls of all decisions, those that gave no usable answer among them. */
  readonly modelCalls: number;
  readonly costMicroUsd: number;
  /** Time that the model took to propose, milliseconds. */
  readonly proposeMs: { readonly p50: number; readonly p95: number };
  /** Mean; nothing where none was told. */
  readonly confidence: number | undefined;
  /** Decisions that a person had a part in, and those that ended in a failure. */
  readonly asked: number;
  readonly failed: number;
}

const Line = z.object({
  kind: z.literal('decision'),
  runId: z.string(),
  step: z.string(),
  agent: z.string(),
  process: z.string(),
  outcome: z.string(),
  model: z.string().optional(),
  prompt: z.string().optional(),
  confidence: z.number().optional(),
  modelCalls: z.int(),
  costMicroUsd: z.int(),
  proposeMs: z.number(),
  answers: z.array(z.unknown()),
});
type Line = z.output<typeof Line>;

/** Nobody: a question that a process put to people by itself is no agent's task. */
const NOT_AN_AGENT = 'people';

/** Gathers a decision log by task. Lines of other logs are passed over, and a decision that is there twice counts once. */
export async function tasksIn(lines: AsyncIterable<string>, process?: string): Promise<AgentTask[]> {
  const seen = new Set<string>();
  const byTask = new Map<string, Line[]>();
  for await (const text of lines) {
    const line = decisionIn(text);
    if (!line || line.agent === NOT_AN_AGENT || (process && line.process !== process)) continue;
    const decision = `${line.runId} ${line.step}`;
    if (seen.has(decision)) continue;
    seen.add(decision);
    const task = [line.agent, modelOf(line), promptOf(line)].join(' ');
    byTask.set(task, [...(byTask.get(task) ?? []), line]);
  }
  return [...byTask.values()].map(taskOf).toSorted((one, other) => other.costMicroUsd - one.costMicroUsd);
}

function decisionIn(text: string): Line | undefined {
  if (!text.includes('"decision"')) return undefined;
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const modelOf = ({ model = 'none' }: Line): string => model;
/** Its version; the digest behind it says nothing to people. */
const promptOf = ({ prompt = '' }: Line): string => prompt.split(' ')[0] || 'none';

function taskOf(lines: readonly Line[]): AgentTask {
  const [first] = lines as [Line];
  const sum = (read: (line: Line) => number): number => lines.reduce((total, line) => total + read(line), 0);
  const told = lines.flatMap(({ confidence = [] }) => confidence);
  const times = lines.map(({ proposeMs }) => proposeMs).toSorted((one, other) => one - other);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? 0;
  return {
    agent: first.agent,
    model: modelOf(first),
    prompt: promptOf(first),
    decisions: lines.length,
    modelCalls: sum(({ modelCalls }) => modelCalls),
    costMicroUsd: sum(({ costMicroUsd }) => costMicroUsd),
    proposeMs: { p50: at(0.5), p95: at(0.95) },
    confidence: told.length > 0 ? told.reduce((total, each) => total + each, 0) / told.length : undefined,
    asked: lines.filter(({ answers }) => answers.length > 0).length,
    failed: lines.filter(({ outcome }) => outcome === 'failed').length,
  };
}
